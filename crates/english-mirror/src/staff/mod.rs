//! The screens.
pub(crate) fn routes(_routes: &mut web::Routes) {}
