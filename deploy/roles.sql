-- Who may do what in the database. Run it by a superuser, in the portal's database, once
-- after the first `migrate`, and again whenever you like: it says the same each time.
--
--   keepitlocal_owner   owns the tables and runs the migrations, and nothing else
--   keepitlocal_web     web, worker, beat and outbox loop: reads and writes rows
--   keepitlocal_backup  reads, for pg_dump
--
-- None has a password yet: `\password keepitlocal_owner` sets one.

DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['keepitlocal_owner', 'keepitlocal_web', 'keepitlocal_backup']
    LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
            EXECUTE format('CREATE ROLE %I LOGIN', wanted);
        END IF;
    END LOOP;
END
$$;

-- Tables, the sequences that belong to them, and the triggers' functions.
DO $$
DECLARE
    one record;
BEGIN
    FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('ALTER TABLE public.%I OWNER TO keepitlocal_owner', one.tablename);
    END LOOP;
    FOR one IN
        SELECT p.oid::regprocedure AS name FROM pg_proc p
        WHERE p.pronamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    LOOP
        EXECUTE format('ALTER ROUTINE %s OWNER TO keepitlocal_owner', one.name);
    END LOOP;
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO keepitlocal_web, keepitlocal_backup', current_database());
    EXECUTE format('GRANT CONNECT, CREATE ON DATABASE %I TO keepitlocal_owner', current_database());
    EXECUTE format('REVOKE CREATE, TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
END
$$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO keepitlocal_owner;
GRANT USAGE ON SCHEMA public TO keepitlocal_web, keepitlocal_backup;

-- What there is, and what later migrations will make.
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO keepitlocal_web;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO keepitlocal_web;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO keepitlocal_backup;
GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO keepitlocal_backup;
ALTER DEFAULT PRIVILEGES FOR ROLE keepitlocal_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO keepitlocal_web;
ALTER DEFAULT PRIVILEGES FOR ROLE keepitlocal_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO keepitlocal_web;
ALTER DEFAULT PRIVILEGES FOR ROLE keepitlocal_owner IN SCHEMA public
    GRANT SELECT ON TABLES TO keepitlocal_backup;
ALTER DEFAULT PRIVILEGES FOR ROLE keepitlocal_owner IN SCHEMA public
    GRANT SELECT ON SEQUENCES TO keepitlocal_backup;

-- What is written once: who did what, what was deployed, which roles may do what.
REVOKE UPDATE, DELETE ON review_auditentry FROM keepitlocal_web;
REVOKE INSERT, UPDATE, DELETE ON
    django_migrations, django_content_type,
    auth_permission, auth_group, auth_group_permissions
    FROM keepitlocal_web;

-- That it was done: somebody must hear of it when there is no backup.
GRANT INSERT, UPDATE ON keepitlocal_duty TO keepitlocal_backup;
