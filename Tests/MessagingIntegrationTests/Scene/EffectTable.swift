import Foundation
import Messaging
import Postgres

/// What the tests' handlers write: one row for each effect, without a key that would hide a second one.
enum EffectTable {
    static let migration = PostgresMigration(
        name: "0001_create_effects",
        sql: """
            CREATE TABLE effects (
                number bigint GENERATED ALWAYS AS IDENTITY,
                message_id uuid NOT NULL,
                label text NOT NULL,
                process text NOT NULL,
                transaction_id bigint NOT NULL DEFAULT txid_current()
            );
            CREATE TABLE notes (organization_id uuid NOT NULL, note text NOT NULL);
            ALTER TABLE notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            CREATE POLICY tenant ON notes
                USING (organization_id = current_setting('app.organization_id')::uuid);
            """)

    static func insert(
        _ effects: [(id: UUID, label: String)], process: String, in transaction: PostgresTransaction
    ) throws {
        try transaction.execute(
            """
            INSERT INTO effects (message_id, label, process)
            SELECT id, label, \(process) FROM unnest(\(effects.map(\.id)), \(effects.map(\.label)))
                WITH ORDINALITY AS effect (id, label, number) ORDER BY number
            """)
    }
}
