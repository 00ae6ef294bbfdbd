//! Enums stored and spelled as text.

/// Declares an enum with one stable spelling for the database, forms and templates.
#[macro_export]
macro_rules! text_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $item:ident = $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash,
            $crate::serde::Serialize, $crate::serde::Deserialize,
            $crate::diesel::FromSqlRow, $crate::diesel::AsExpression,
        )]
        #[serde(crate = "base::serde")]
        #[diesel(sql_type = $crate::diesel::sql_types::Text)]
        pub enum $name { $($(#[$doc])* #[serde(rename = $text)] $item,)+ }

        impl $name {
            /// Every value, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$item,)+];

            /// The value spelled `text`.
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.as_str() == text)
            }

            /// The spelling used in the database, forms and templates.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$item => $text,)+ }
            }
        }

        $crate::as_text!($name, |it| it.as_str(), |text| match text.as_str() {
            $($text => Ok(Self::$item),)+
            other => Err(format!("unknown {}: {other}", stringify!($name)).into()),
        });
    };
}

/// Lets a type live in a `TEXT` column of any backend.
#[macro_export]
macro_rules! as_text {
    ($name:ty, |$this:ident| $to:expr, |$text:ident| $from:expr) => {
        impl<DB> $crate::diesel::serialize::ToSql<$crate::diesel::sql_types::Text, DB> for $name
        where
            DB: $crate::diesel::backend::Backend,
            str: $crate::diesel::serialize::ToSql<$crate::diesel::sql_types::Text, DB>,
        {
            fn to_sql<'b>(
                &'b self,
                out: &mut $crate::diesel::serialize::Output<'b, '_, DB>,
            ) -> $crate::diesel::serialize::Result {
                let $this = self;
                <str as $crate::diesel::serialize::ToSql<_, DB>>::to_sql($to, out)
            }
        }

        impl<DB> $crate::diesel::deserialize::FromSql<$crate::diesel::sql_types::Text, DB> for $name
        where
            DB: $crate::diesel::backend::Backend,
            String: $crate::diesel::deserialize::FromSql<$crate::diesel::sql_types::Text, DB>,
        {
            fn from_sql(raw: DB::RawValue<'_>) -> $crate::diesel::deserialize::Result<Self> {
                let $text = <String as $crate::diesel::deserialize::FromSql<_, DB>>::from_sql(raw)?;
                $from
            }
        }
    };
}
