-- The language in which somebody wrote to an office, and in which they are written to (base::Locale). It says how to
-- reach a person and goes with them.
ALTER TABLE case_people ADD COLUMN locale TEXT NOT NULL DEFAULT 'vi';
ALTER TABLE consultation_opinions ADD COLUMN locale TEXT NOT NULL DEFAULT 'vi';
