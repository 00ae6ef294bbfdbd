//! SQLite and PostgreSQL, each used as its manual advises.

use std::path::Path;

use diesel::{
    Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection,
    connection::SimpleConnection,
    sql_query,
    sql_types::{BigInt, Text},
};

use crate::{Result, world::World};

#[derive(QueryableByName)]
struct Hit {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// Somebody else who can be asked.
pub(crate) trait Peer: Sized {
    fn fill(&mut self, world: &World, documents: u64) -> Result<()>;
    fn ask(&mut self, text: &str) -> Result<Vec<u64>>;
}

/// The text without accents, which is all that FTS5 can compare by.
fn plain(text: &str) -> String {
    let plain = base::text::unaccented(text);
    plain.replace(|c: char| !c.is_alphanumeric(), " ")
}

fn numbers(hits: Vec<Hit>) -> Vec<u64> {
    hits.into_iter().filter_map(|hit| u64::try_from(hit.id).ok()).collect()
}

pub(crate) struct Sqlite(SqliteConnection);

impl Sqlite {
    pub(crate) fn open(file: &Path) -> Result<Self> {
        let mut connection = SqliteConnection::establish(&file.display().to_string())?;
        connection.batch_execute(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -200000;
             CREATE VIRTUAL TABLE docs USING fts5(title, body, content = '')",
        )?;
        Ok(Self(connection))
    }
}

impl Peer for Sqlite {
    fn fill(&mut self, world: &World, documents: u64) -> Result<()> {
        self.0.transaction(|connection| -> Result<()> {
            for number in 0..documents {
                let text = world.text(number);
                sql_query("INSERT INTO docs (rowid, title, body) VALUES (?, ?, ?)")
                    .bind::<BigInt, _>(i64::try_from(number)?)
                    .bind::<Text, _>(format!("{} {}", plain(&text.title), plain(&text.number)))
                    .bind::<Text, _>(plain(&text.body))
                    .execute(connection)?;
            }
            Ok(())
        })?;
        self.0.batch_execute("INSERT INTO docs (docs) VALUES ('optimize')")?;
        Ok(())
    }

    fn ask(&mut self, text: &str) -> Result<Vec<u64>> {
        let words = plain(text);
        let quoted = words.split_whitespace().map(|word| format!("\"{word}\""));
        let wanted = match text.starts_with('"') {
            true => format!("\"{}\"", words.trim()),
            false => quoted.collect::<Vec<_>>().join(" "),
        };
        let hits = sql_query(
            "SELECT rowid AS id FROM docs WHERE docs MATCH ? ORDER BY bm25(docs, 5.0, 1.0) LIMIT 10",
        )
        .bind::<Text, _>(&wanted)
        .load(&mut self.0)?;
        sql_query("SELECT count(*) AS id FROM docs WHERE docs MATCH ?")
            .bind::<Text, _>(&wanted)
            .load::<Hit>(&mut self.0)?;
        Ok(numbers(hits))
    }
}

pub(crate) struct Postgres(PgConnection);

impl Postgres {
    pub(crate) fn open(url: &str) -> Result<Self> {
        let mut connection = PgConnection::establish(url)?;
        connection.batch_execute(
            "CREATE EXTENSION IF NOT EXISTS unaccent; CREATE EXTENSION IF NOT EXISTS pg_trgm;
             CREATE TABLE docs (id BIGINT PRIMARY KEY, title TEXT, words TSVECTOR)",
        )?;
        Ok(Self(connection))
    }
}

impl Peer for Postgres {
    fn fill(&mut self, world: &World, documents: u64) -> Result<()> {
        self.0.transaction(|connection| -> Result<()> {
            for number in 0..documents {
                let text = world.text(number);
                sql_query(
                    "INSERT INTO docs VALUES ($1, unaccent($2),
                     setweight(to_tsvector('simple', unaccent($2 || ' ' || $3)), 'A') ||
                     to_tsvector('simple', unaccent($4)))",
                )
                .bind::<BigInt, _>(i64::try_from(number)?)
                .bind::<Text, _>(&text.title)
                .bind::<Text, _>(text.number.replace(['/', '-'], " "))
                .bind::<Text, _>(&text.body)
                .execute(connection)?;
            }
            Ok(())
        })?;
        self.0.batch_execute(
            "CREATE INDEX ON docs USING GIN (words);
             CREATE INDEX ON docs USING GIN (title gin_trgm_ops)",
        )?;
        // Statements sent together are one transaction, in which it refuses to run.
        self.0.batch_execute("VACUUM ANALYZE docs")?;
        Ok(())
    }

    fn ask(&mut self, text: &str) -> Result<Vec<u64>> {
        let parse = if text.starts_with('"') { "phraseto_tsquery" } else { "plainto_tsquery" };
        let text = text.replace(['"', '/', '-'], " ");
        let hits = sql_query(format!(
            "SELECT id FROM docs, {parse}('simple', unaccent($1)) asked WHERE words @@ asked
             ORDER BY ts_rank(words, asked) DESC, id LIMIT 10"
        ))
        .bind::<Text, _>(&text)
        .load(&mut self.0)?;
        let count = format!(
            "SELECT count(*) AS id FROM docs WHERE words @@ {parse}('simple', unaccent($1))"
        );
        sql_query(count).bind::<Text, _>(&text).load::<Hit>(&mut self.0)?;
        if hits.is_empty() {
            // Trigrams forgive what full text does not.
            let similar = "SELECT id FROM docs WHERE title % unaccent($1)
                           ORDER BY similarity(title, unaccent($1)) DESC, id LIMIT 10";
            return Ok(numbers(sql_query(similar).bind::<Text, _>(&text).load(&mut self.0)?));
        }
        Ok(numbers(hits))
    }
}
