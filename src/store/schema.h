/* schema.h: the tables, by numbered migrations. */
#ifndef PD_STORE_SCHEMA_H
#define PD_STORE_SCHEMA_H

#include "db.h"

/* Brings the database to this program's version, in the caller's transaction. */
PdStatus *pd_schema_migrate(PdDb *db);
/* Fails unless the database is ours and of this program's version. */
PdStatus *pd_schema_check(PdDb *db);
/* TRUE for a file whose making was interrupted: no table is there yet. */
gboolean pd_schema_is_absent(PdDb *db);
/* TRUE in *due if pd_schema_migrate() has something to do. */
PdStatus *pd_schema_is_due(PdDb *db, gboolean *due);

#endif
