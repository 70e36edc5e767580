use leptos::prelude::*;

use super::PlainPage;

/// What the page says on which one logs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginState {
    /// Nothing was tried yet.
    Asks,
    /// There is no such token.
    Refused,
    /// Too much was tried: so many seconds are to pass.
    Wait(u64),
    /// The proxy in front of the server has not said who it is.
    Unnamed,
}

impl PlainPage {
    /// The page on which one logs in, to go on to `next`.
    #[must_use]
    pub fn login(&self, state: LoginState, next: &str) -> String {
        let words = self.words();
        let said = match state {
            LoginState::Asks => None,
            LoginState::Refused => Some(words.refused.to_owned()),
            LoginState::Wait(seconds) => Some((words.wait)(seconds)),
            LoginState::Unnamed => Some(words.unnamed.to_owned()),
        };
        let said = said.map(|said| view! { <p class="status" role="alert">{said}</p> });
        let form = (state != LoginState::Unnamed).then(|| {
            view! {
                <p>{words.login_lead}</p>
                <form class="login" method="post" action="/login">
                    <input type="hidden" name="next" value=next.to_owned()/>
                    <label>
                        {words.token}
                        <input
                            type="password"
                            name="token"
                            autocomplete="current-password"
                            required
                            autofocus
                        />
                    </label>
                    <button type="submit" class="primary">{words.login}</button>
                </form>
            }
        });
        let content = view! {
            <h1>{words.login}</h1>
            {said}
            {form}
        };
        self.around(format!("{} · Unspool", words.login), content.into_any(), true)
    }
}
