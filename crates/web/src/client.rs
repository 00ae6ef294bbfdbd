//! Where a request comes from, for limits: never to recognise a person.

use std::{
    future::{Ready, ready},
    net::{IpAddr, Ipv6Addr},
};

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header::HeaderMap, web::Data};

use crate::{App, Failure};

/// The network a request comes from: an IPv4 address, or the 64 bits of an IPv6 address that one
/// household has. `None` where a proxy of ours does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Client(pub Option<IpAddr>);

impl FromRequest for Client {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let proxies = req.app_data::<Data<App>>().map(|app| app.settings.proxies.as_slice());
        let peer = req.peer_addr().map(|it| it.ip());
        ready(Ok(Self(network(peer, req.headers(), proxies.unwrap_or_default()))))
    }
}

/// Believes a header only where a proxy of ours wrote it, and of it only the last address that is
/// no proxy: whatever stands before, the client could have made up.
fn network(peer: Option<IpAddr>, headers: &HeaderMap, proxies: &[IpAddr]) -> Option<IpAddr> {
    let peer = peer?.to_canonical();
    let ours = |it: &IpAddr| proxies.contains(it);
    if !ours(&peer) {
        return Some(coarse(peer));
    }
    let chain: Vec<IpAddr> = headers
        .get_all("x-forwarded-for")
        .filter_map(|it| it.to_str().ok())
        .flat_map(|it| it.split(','))
        .map_while(|it| it.trim().parse::<IpAddr>().ok())
        .map(|it| it.to_canonical())
        .collect();
    chain.into_iter().rev().find(|it| !ours(it)).map(coarse)
}

fn coarse(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(it) => IpAddr::V6(Ipv6Addr::from(u128::from(it) >> 64 << 64)),
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn seen(peer: &str, forwarded: &str) -> Option<String> {
        let mut headers = HeaderMap::new();
        let name = HeaderName::from_static("x-forwarded-for");
        if !forwarded.is_empty() {
            headers.append(name, HeaderValue::from_str(forwarded).unwrap());
        }
        let proxies = ["127.0.0.1".parse().unwrap()];
        network(peer.parse().ok(), &headers, &proxies).map(|it| it.to_string())
    }

    #[test]
    fn only_our_own_proxy_is_believed() {
        assert_eq!(seen("203.0.113.9", "1.2.3.4").as_deref(), Some("203.0.113.9"));
        assert_eq!(seen("127.0.0.1", "1.2.3.4").as_deref(), Some("1.2.3.4"));
        assert_eq!(seen("127.0.0.1", "6.6.6.6, 1.2.3.4").as_deref(), Some("1.2.3.4"));
        assert_eq!(seen("::ffff:127.0.0.1", "1.2.3.4").as_deref(), Some("1.2.3.4"));
        assert_eq!(seen("127.0.0.1", ""), None);
        assert_eq!(seen("127.0.0.1", "nonsense"), None);
    }

    #[test]
    fn one_household_is_one_network() {
        assert_eq!(seen("2001:db8:1:2:3:4:5:6", "").as_deref(), Some("2001:db8:1:2::"));
    }
}
