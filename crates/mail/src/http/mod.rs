//! The staff's list of letters, and the page on which a recipient stops notices.

mod desk;
mod stop;

use web::Routes;

/// Every address this crate answers.
pub fn routes(routes: &mut Routes) {
    desk::routes(routes);
    stop::routes(routes);
}
