use std::time::Duration;

use reqwest::Url;
use secrecy::SecretString;

use crate::catalog::{self, ListedModel};
use crate::http::get;
use crate::{Error, ErrorKind};

/// How long a list of models may take to come.
pub(crate) const DEADLINE: Duration = Duration::from_secs(4);

/// The first model that an endpoint lists which writes text. `None` when it lists none in time.
/// What runs on one's own machine mostly has one.
///
/// See [`/models`](https://platform.openai.com/docs/api-reference/models/list).
pub async fn listed_model(
    base_url: &str,
    key: Option<&SecretString>,
    timeout: Duration,
) -> Option<String> {
    let models = listed(base_url, key, timeout).await.ok()?;
    models.into_iter().next().map(|model| model.id)
}

/// The models that an endpoint lists which write text.
pub(super) async fn listed(
    base_url: &str,
    key: Option<&SecretString>,
    timeout: Duration,
) -> Result<Vec<ListedModel>, Error> {
    let base_url = base_url.trim().trim_end_matches('/');
    let answer = get::try_json(address(base_url, "/models")?, key, timeout).await?;
    catalog::of_openai(&answer)
        .ok_or_else(|| Error::new(ErrorKind::Broken, "the answer is no list of models"))
}

pub(crate) fn address(base_url: &str, path: &str) -> Result<Url, Error> {
    let url = Url::parse(&format!("{base_url}{path}"));
    url.map_err(|_| Error::new(ErrorKind::Rejected, "the base URL is no address"))
}
