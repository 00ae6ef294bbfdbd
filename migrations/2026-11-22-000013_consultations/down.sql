DROP TABLE consultation_consents;
DROP TABLE consultation_opinions;
DROP TABLE consultation_rows;
DROP TABLE consultation_files;
DROP TABLE consultations;
