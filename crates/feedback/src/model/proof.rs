//! Work that a browser does before a form is sent: a number which, behind the form's slip, has a
//! digest that begins with zeros. A phone needs about a second; a flood needs a machine hall.

use sha2::{Digest, Sha256};

/// Zero bits that are asked for. The script is told by the form.
pub const BITS: u32 = 16;

/// Whether `proof` was worked out for `slip`.
pub fn holds(slip: &str, proof: &str) -> bool {
    let number =
        !proof.is_empty() && proof.len() <= 16 && proof.bytes().all(|it| it.is_ascii_digit());
    number && zeros(slip, proof) >= BITS
}

fn zeros(slip: &str, proof: &str) -> u32 {
    let digest = Sha256::digest(format!("{slip}:{proof}").as_bytes());
    let mut zeros = 0;
    for byte in digest {
        zeros += byte.leading_zeros();
        if byte != 0 {
            break;
        }
    }
    zeros
}

/// Does the work, as the script in the browser does.
pub fn find(slip: &str) -> String {
    let mut numbers = (0_u64..).map(|number| number.to_string());
    numbers.find(|proof| holds(slip, proof)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_is_of_one_slip() {
        let proof = find("a slip");
        assert!(holds("a slip", &proof));
        assert!(!holds("another", &proof) || !holds("a third", &proof));
        for bad in ["", "-1", "1e9", "00000000000000000000000000"] {
            assert!(!holds("a slip", bad), "{bad}");
        }
    }
}
