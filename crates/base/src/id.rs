//! Typed ids: time-ordered UUIDs kept as 16 bytes, so one schema serves both databases.

/// Declares an id newtype stored in a `BYTEA` column.
#[macro_export]
macro_rules! id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash,
            $crate::serde::Serialize, $crate::serde::Deserialize,
            $crate::diesel::FromSqlRow, $crate::diesel::AsExpression,
        )]
        #[serde(crate = "base::serde")]
        #[diesel(sql_type = $crate::diesel::sql_types::Binary)]
        pub struct $name($crate::uuid::Uuid);

        impl $name {
            /// A fresh id, greater than every id made before it.
            #[expect(clippy::new_without_default, reason = "two calls never agree")]
            pub fn new() -> Self {
                Self($crate::uuid::Uuid::now_v7())
            }

            /// The id in the spelling of addresses and forms; `None` when `text` is not one.
            pub fn parse(text: &str) -> Option<Self> {
                $crate::uuid::Uuid::try_parse(text).ok().map(Self)
            }

            /// The sixteen bytes the database keeps.
            pub fn bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }

            /// The id without its type, for what deals in ids of all kinds.
            pub fn uuid(self) -> $crate::uuid::Uuid {
                self.0
            }
        }

        impl From<$crate::uuid::Uuid> for $name {
            fn from(id: $crate::uuid::Uuid) -> Self {
                Self(id)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl<DB> $crate::diesel::serialize::ToSql<$crate::diesel::sql_types::Binary, DB> for $name
        where
            DB: $crate::diesel::backend::Backend,
            [u8]: $crate::diesel::serialize::ToSql<$crate::diesel::sql_types::Binary, DB>,
        {
            fn to_sql<'b>(
                &'b self,
                out: &mut $crate::diesel::serialize::Output<'b, '_, DB>,
            ) -> $crate::diesel::serialize::Result {
                use $crate::diesel::{serialize::ToSql, sql_types::Binary};
                <[u8] as ToSql<Binary, DB>>::to_sql(self.0.as_bytes().as_slice(), out)
            }
        }

        impl<DB> $crate::diesel::deserialize::FromSql<$crate::diesel::sql_types::Binary, DB> for $name
        where
            DB: $crate::diesel::backend::Backend,
            Vec<u8>: $crate::diesel::deserialize::FromSql<$crate::diesel::sql_types::Binary, DB>,
        {
            fn from_sql(raw: DB::RawValue<'_>) -> $crate::diesel::deserialize::Result<Self> {
                use $crate::diesel::{deserialize::FromSql, sql_types::Binary};
                let bytes = <Vec<u8> as FromSql<Binary, DB>>::from_sql(raw)?;
                Ok(Self($crate::uuid::Uuid::from_slice(&bytes)?))
            }
        }
    };
}

/// The ids that more than one crate speaks of.
mod shared {
    use crate as base;

    base::id!(
        /// Identifies a person who works on sites.
        UserId
    );
    base::id!(
        /// Identifies a place in a site's tree.
        SectionId
    );
    base::id!(
        /// Identifies a piece of content on a site, in one language.
        EntryId
    );
    base::id!(
        /// Identifies one version of an entry.
        EditionId
    );
}

pub use shared::{EditionId, EntryId, SectionId, UserId};
