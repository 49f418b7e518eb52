import Postgres

/// The runtime's own tables, in every service's database: what makes delivery at least once and handling once in effect.
public enum MessagingSchema {
    public static let migration = PostgresMigration(
        name: "0000_create_messaging",
        sql: """
            -- Messages that were handled. A message that is here already is dropped. Kept at least 7 days.
            CREATE TABLE inbox (
                message_id uuid PRIMARY KEY,
                lane text NOT NULL,
                handled_at timestamptz NOT NULL
            );
            CREATE INDEX inbox_handled_at ON inbox USING brin (handled_at);

            -- Messages that must leave. A row goes when the broker has confirmed it. The process that wrote a row publishes
            -- it straight from memory; due_at is when the relay of any process may do it instead, in the order of number.
            CREATE TABLE outbox (
                id uuid PRIMARY KEY,
                number bigint GENERATED ALWAYS AS IDENTITY,
                exchange text NOT NULL,
                routing_key text NOT NULL,
                envelope jsonb NOT NULL,
                body bytea NOT NULL,
                due_at timestamptz NOT NULL
            ) WITH (fillfactor = 80);
            CREATE INDEX outbox_number ON outbox (number);

            -- Outside work. due_at is when it begins; claiming it moves due_at past the lease, so a crash hands it on.
            CREATE TABLE jobs (
                id uuid PRIMARY KEY,
                kind text NOT NULL,
                payload jsonb NOT NULL,
                envelope jsonb NOT NULL,
                due_at timestamptz NOT NULL,
                attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
                last_error text,
                created_at timestamptz NOT NULL
            ) WITH (fillfactor = 80);
            CREATE INDEX jobs_due_at ON jobs (due_at);

            -- The processes that share the stock partitions. A row whose heartbeat is old belongs to a dead process.
            CREATE TABLE partition_members (
                process_id uuid PRIMARY KEY,
                heartbeat_at timestamptz NOT NULL
            );
            """)
}
