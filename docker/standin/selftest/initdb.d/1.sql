CREATE TABLE made_by_sql (note text);
