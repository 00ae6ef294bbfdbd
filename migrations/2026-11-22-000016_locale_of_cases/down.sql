ALTER TABLE consultation_opinions DROP COLUMN locale;
ALTER TABLE case_people DROP COLUMN locale;
