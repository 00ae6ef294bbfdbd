//! What the server holds of the mirror for as long as it runs.

use std::sync::Arc;

use content::Kinds;

use crate::{machine::Provider, minimum::Minimum};

/// The content types, the minimum, and who writes drafts. The term base is the request's:
/// [`web::Cx::tongue`].
pub struct Office {
    /// The content types.
    pub kinds: Arc<Kinds>,
    /// What every site owes its foreign readers.
    pub minimum: Arc<Minimum>,
    /// What writes drafts; `None` when the operator does not want any.
    pub machine: Option<Box<dyn Provider>>,
}

impl std::fmt::Debug for Office {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Office").field("minimum", &self.minimum).finish_non_exhaustive()
    }
}
