ALTER TABLE sites DROP COLUMN english_names;
DROP TABLE section_names;
DROP TABLE terms;
DROP TABLE mirror_pages;
DROP TABLE translations;
