use std::sync::Arc;

use axum::{
    extract::{Request, State as Shared},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode, header, uri::Authority};
use protocol::ProblemCode;
use url::{Host, Url};

use crate::{problem::Refusal, state::State};

/// The host and port that a request is for, which are the server's own.
#[derive(Clone, Debug)]
pub(crate) struct OwnHost(Arc<str>);

impl OwnHost {
    /// Whether a page at this address is the server's own. The scheme is ignored, as a proxy may serve
    /// HTTPS in front of the server.
    pub(crate) fn is_of(&self, page: &Url) -> bool {
        let own = Url::parse(&format!("{}://{}", page.scheme(), self.0));
        own.is_ok_and(|own| own.origin() == page.origin())
    }
}

/// Refuses requests for another host than the server's own. The owner of a name can point it at this
/// machine (DNS rebinding); a browser would then take their page and the server for one origin, and
/// the page could read everything. IP addresses and `localhost` cannot be pointed elsewhere.
/// `Forwarded` is ignored, as any client can send it.
pub(crate) async fn require_own(
    Shared(state): Shared<State>,
    mut request: Request,
    next: Next,
) -> Response {
    match own_host(&request, &state.config.access.hosts) {
        Ok(host) => {
            request.extensions_mut().insert(host);
            next.run(request).await
        }
        Err(refusal) => refusal.into_response(),
    }
}

fn own_host(request: &Request, listed: &[String]) -> Result<OwnHost, Refusal> {
    let mut host = host_header(request.headers())?;
    check(host, listed)?;
    // A request target in absolute form overrides `Host` (RFC 9112, section 3.2.2).
    let target = request.uri();
    if let Some(authority) = target.scheme().and(target.authority()).map(Authority::as_str) {
        check(authority, listed)?;
        host = authority;
    }
    Ok(OwnHost(host.into()))
}

/// The one `Host` header that RFC 9112 (section 3.2) requires.
fn host_header(headers: &HeaderMap) -> Result<&str, Refusal> {
    let mut hosts = headers.get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.to_str().map_err(|_| unreadable()),
        (None, _) => Err(Refusal::parameter("Host", "The request bears no Host.")),
        (Some(_), Some(_)) => Err(Refusal::parameter("Host", "The request bears two Hosts.")),
    }
}

fn check(authority: &str, listed: &[String]) -> Result<(), Refusal> {
    let is_bare = |byte: u8| byte.is_ascii_graphic() && !b"/\\?#@".contains(&byte);
    if !authority.bytes().all(is_bare) {
        return Err(unreadable());
    }
    let url = Url::parse(&format!("http://{authority}")).map_err(|_| unreadable())?;
    let Some(Host::Domain(name)) = url.host() else { return Ok(()) };
    let plain = name.strip_suffix('.').unwrap_or(name);
    if plain == "localhost" || listed.iter().any(|listed| listed == plain) {
        return Ok(());
    }
    let detail = format!(
        "This server does not answer for `{name}`. UNSPOOL_HOSTS can list it: nothing but listed \
         names, IP addresses and localhost is answered for."
    );
    let status = StatusCode::MISDIRECTED_REQUEST;
    Err(Refusal::new(status, ProblemCode::Misdirected, detail).field("Host"))
}

fn unreadable() -> Refusal {
    Refusal::parameter("Host", "The Host must be a name or an address, and perhaps a port.")
}
