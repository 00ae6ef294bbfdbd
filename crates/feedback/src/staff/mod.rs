//! The screens of the office that handles cases.

mod act;
mod answer;
mod approve;
mod aside;
mod case;
mod copies;
mod draw;
mod enter;
mod figures;
mod list;
mod masking;
mod register;
mod supervise;
mod supply;
mod templates;
mod terms;
mod transfer;
mod views;

use web::{Routes, get, post};

use crate::CaseId;

/// The queue.
const HERE: &str = "/quan-tri/hoi-dap";

/// Every address of the screens of cases.
pub fn routes(routes: &mut Routes) {
    routes
        .route("/quan-tri/hoi-dap", get().to(list::index))
        .route("/quan-tri/hoi-dap/moi", get().to(enter::new))
        .route("/quan-tri/hoi-dap/moi", post().to(enter::create))
        .route("/quan-tri/hoi-dap/mau", get().to(templates::index))
        .route("/quan-tri/hoi-dap/mau", post().to(templates::create))
        .route("/quan-tri/hoi-dap/mau/{id}/xoa", post().to(templates::destroy))
        .route("/quan-tri/hoi-dap/thong-ke", get().to(figures::index))
        .route("/quan-tri/hoi-dap/thong-ke.csv", get().to(figures::csv))
        .route("/quan-tri/hoi-dap/thong-ke.xlsx", get().to(figures::xlsx))
        .route("/quan-tri/hoi-dap/so-theo-doi", get().to(register::index))
        .route("/quan-tri/hoi-dap/so-theo-doi.xlsx", post().to(register::xlsx))
        .route("/quan-tri/hoi-dap/{id}", get().to(case::show))
        .route("/quan-tri/hoi-dap/{id}/tep/{file}", get().to(case::file))
        .route("/quan-tri/hoi-dap/{id}/du-lieu.json", post().to(supervise::export))
        .route("/quan-tri/hoi-dap/{id}/ban-sao", post().to(copies::create))
        .route("/quan-tri/hoi-dap/{id}/tam-dung", post().to(terms::pause))
        .route("/quan-tri/hoi-dap/{id}/tinh-tiep/{clock}", post().to(terms::resume))
        .route("/quan-tri/hoi-dap/{id}/gia-han", post().to(terms::extend))
        .route("/quan-tri/hoi-dap/{id}/thoi-han-dai", post().to(terms::lengthen))
        .route("/quan-tri/hoi-dap/{id}/chi-phi", post().to(terms::cost))
        .route("/quan-tri/hoi-dap/{id}/tep-tra-loi", post().to(supply::add))
        .route("/quan-tri/hoi-dap/{id}/tep-tra-loi/{supply}/xoa", post().to(supply::remove))
        .route("/quan-tri/hoi-dap/{id}/mo-lai-tep", post().to(supply::open))
        .route("/quan-tri/hoi-dap/{id}/ly-do", post().to(supervise::note))
        .route("/quan-tri/hoi-dap/{id}/xoa-du-lieu", post().to(supervise::forget))
        .route("/quan-tri/hoi-dap/{id}/tiep-nhan", post().to(act::accept))
        .route("/quan-tri/hoi-dap/{id}/khong-tiep-nhan", post().to(act::refuse))
        .route("/quan-tri/hoi-dap/{id}/giao", post().to(act::assign))
        .route("/quan-tri/hoi-dap/{id}/phan-loai", post().to(act::sort))
        .route("/quan-tri/hoi-dap/{id}/ghi-chu", post().to(act::remark))
        .route("/quan-tri/hoi-dap/{id}/gop", post().to(act::merge))
        .route("/quan-tri/hoi-dap/{id}/dong", post().to(act::close))
        .route("/quan-tri/hoi-dap/{id}/mo-lai", post().to(act::reopen))
        .route("/quan-tri/hoi-dap/{id}/chuyen", post().to(transfer::transfer))
        .route("/quan-tri/hoi-dap/{id}/tra-ve", post().to(transfer::give_back))
        .route("/quan-tri/hoi-dap/{id}/du-thao", post().to(answer::save))
        .route("/quan-tri/hoi-dap/{id}/duyet", post().to(answer::approve))
        .route("/quan-tri/hoi-dap/{id}/y-kien", post().to(answer::send_back))
        .route("/quan-tri/hoi-dap/{id}/gui", post().to(answer::send))
        .route("/quan-tri/hoi-dap/{id}/duong-dan-duyet", post().to(answer::link))
        .route("/quan-tri/hoi-dap/{id}/cong-khai", post().to(answer::publish))
        .route("/quan-tri/hoi-dap/{id}/go", post().to(answer::unpublish))
        .route("/duyet/{secret}", get().to(approve::show))
        .route("/duyet/{secret}", post().to(approve::approve));
}

/// The case in an address.
fn case_id(text: &str) -> base::Result<CaseId> {
    CaseId::parse(text).ok_or(base::Error::NotFound)
}

/// Where the staff find a case.
fn path(id: CaseId) -> String {
    format!("{HERE}/{id}")
}

/// A version that a form carries.
fn lock(text: &str) -> i32 {
    text.parse().unwrap_or_default()
}
