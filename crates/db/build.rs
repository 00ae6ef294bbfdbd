//! Rebuilds the crate when a migration is added; `embed_migrations!` alone would miss it.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
}
