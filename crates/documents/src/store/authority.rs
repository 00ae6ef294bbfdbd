//! Who may change the effect of whose documents. A commune that writes that it repeals a decision
//! of the province says so on its own site, and changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use base::{Result, SiteId};
use db::{
    Conn,
    schema::{documents, issuer_successors, issuers},
};
use diesel::prelude::*;

use super::CHUNK;
use crate::{
    DocumentId, IssuerId,
    model::{Issuing, may_act},
};

/// What must be known of some documents to say which of them may act upon which.
#[derive(Debug, Default)]
pub(super) struct Authority {
    issuing: BTreeMap<DocumentId, Issuing>,
    /// Who took the place of whom.
    heirs: BTreeSet<(IssuerId, IssuerId)>,
}

impl Authority {
    /// Reads what must be known of `ids`.
    pub(super) fn of(conn: &mut Conn, ids: &BTreeSet<DocumentId>) -> Result<Self> {
        let mut authority = Self::default();
        // Most documents hang together with no other, and nothing need be asked.
        if ids.len() < 2 {
            return Ok(authority);
        }
        let ids: Vec<DocumentId> = ids.iter().copied().collect();
        for chunk in ids.chunks(CHUNK) {
            let rows: Vec<(DocumentId, SiteId, IssuerId, crate::model::Level)> = documents::table
                .inner_join(issuers::table)
                .filter(documents::id.eq_any(chunk.to_vec()))
                .select((documents::id, documents::site_id, issuers::id, issuers::level))
                .load(conn)?;
            let known = rows
                .into_iter()
                .map(|(id, site, issuer, level)| (id, Issuing { site, issuer, level }));
            authority.issuing.extend(known);
        }
        let bodies: BTreeSet<IssuerId> = authority.issuing.values().map(|it| it.issuer).collect();
        for chunk in bodies.into_iter().collect::<Vec<_>>().chunks(CHUNK) {
            let rows: Vec<(IssuerId, IssuerId)> = issuer_successors::table
                .filter(issuer_successors::issuer_id.eq_any(chunk.to_vec()))
                .select((issuer_successors::successor_id, issuer_successors::issuer_id))
                .load(conn)?;
            authority.heirs.extend(rows);
        }
        Ok(authority)
    }

    /// Whether `from` may change the effect of `to`.
    pub(super) fn allows(&self, from: DocumentId, to: DocumentId) -> bool {
        let (Some(by), Some(of)) = (self.issuing.get(&from), self.issuing.get(&to)) else {
            return false;
        };
        may_act(by, of) || self.heirs.contains(&(by.issuer, of.issuer))
    }
}
