DROP TABLE case_costs;
DROP TABLE case_supplies;
DROP TABLE case_public_files;
DROP TABLE case_scans;
