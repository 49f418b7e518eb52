import Foundation

/// Makes many organisations with their sales out of one, in every database, without selling each ticket.
///
/// Each copy has ids of its own: the first four digits of every id are the number of the copy. So whatever belonged
/// together still does, over all databases, and `fsck` finds nothing. These digits are the highest of the time in an id:
/// copies are from long ago, and new rows come to the end of every index, as they do when tickets were sold over years.
/// Only what nobody looks at is the same in all copies: signatures, hashes, and documents of mails.
struct Multiplication {
    /// How many copies there may be: the next numbers are those of ids that are made now.
    static let limit = 400
    private static let schema = "bench_template"
    /// What is not a sale: what the runtime keeps for itself, what would begin to happen again, and keys to the door.
    private static let leftOut: Set<String> = [
        "schema_migrations", "partition_members", "outbox", "jobs", "checkout_timers", "refund_timers",
        "cancellation_timers", "api_keys", "rate_limit_rules", "incidents", "ticket_type_reviews",
    ]
    /// Texts that may exist once only.
    private static let uniqueTexts: Set<String> = [
        "slug", "confirmation_code", "qr_code_data", "provider_reference", "reference",
    ]

    private let postgres: PostgresServer
    private let databases = Installation.services + ["sandbox_provider"]

    /// Keeps what there is of the organisation as the template.
    init(_ postgres: PostgresServer, organizationID: String) throws {
        self.postgres = postgres
        for database in databases {
            let tables = try Self.tables(postgres, database)
            let statements = tables.map { table in
                let rows = table.isTenants ? "WHERE organization_id = '\(organizationID)'" : ""
                let own = table.name == "organizations" ? "WHERE id = '\(organizationID)'" : rows
                return "CREATE TABLE \(Self.schema).\(table.name) AS SELECT * FROM public.\(table.name) \(own);"
            }
            try postgres.query(
                "voelgoed_\(database)", "CREATE SCHEMA \(Self.schema);\n" + statements.joined(separator: "\n"))
        }
    }

    /// Adds copies, all databases at the same time.
    /// - Parameter numbers: of the copies, each once only.
    func add(_ numbers: ClosedRange<Int>) throws {
        try inEveryDatabase { database in
            let tables = try Self.tables(postgres, database)
            // Foreign keys and triggers have judged the originals; their copies are the same.
            return "SET session_replication_role = replica; SET synchronous_commit = off;\n"
                + tables.map { $0.copy(from: Self.schema, numbers) }.joined(separator: "\n")
        }
        try inEveryDatabase { _ in "VACUUM (ANALYZE);" }
        try postgres.query("postgres", "CHECKPOINT;")
    }

    private func inEveryDatabase(_ statements: (String) throws -> String) throws {
        let runs = try databases.map { database in
            try postgres.start("voelgoed_\(database)", try statements(database))
        }
        for run in runs { try run.finish() }
    }

    /// A table whose rows are copied.
    private struct Table {
        var name: String
        var isTenants: Bool
        var columns: [(name: String, type: String)]

        func copy(from schema: String, _ numbers: ClosedRange<Int>) -> String {
            let names = columns.map(\.name).joined(separator: ", ")
            let values = columns.map { expression($0.name, $0.type) }.joined(separator: ", ")
            return """
                INSERT INTO public.\(name) (\(names)) SELECT \(values) FROM \(schema).\(name) AS original, \
                LATERAL (SELECT lpad(to_hex(number), 4, '0') AS digits
                    FROM generate_series(\(numbers.lowerBound), \(numbers.upperBound)) AS number) AS copy;
                """
        }

        private func expression(_ column: String, _ type: String) -> String {
            switch type {
            case "uuid": return "overlay(original.\(column)::text PLACING digits FROM 1)::uuid"
            case "jsonb" where column == "saga":
                // The only id in a saga that is compared with another database's.
                return """
                    jsonb_set(original.saga, '{orderID}', \
                    to_jsonb(overlay(original.saga->>'orderID' PLACING digits FROM 1)), false)
                    """
            case "text" where Multiplication.uniqueTexts.contains(column): return "original.\(column) || '-' || digits"
            default: return "original.\(column)"
            }
        }
    }

    private static func tables(_ postgres: PostgresServer, _ database: String) throws -> [Table] {
        let rows = try postgres.query(
            "voelgoed_\(database)",
            """
            SELECT columns.table_name, column_name, udt_name FROM information_schema.columns
            JOIN information_schema.tables USING (table_schema, table_name)
            WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND is_generated = 'NEVER' AND is_identity = 'NO'
            ORDER BY columns.table_name, ordinal_position;
            """)
        var tables: [Table] = []
        for row in rows where !leftOut.contains(row[0]) {
            if tables.last?.name != row[0] { tables.append(Table(name: row[0], isTenants: false, columns: [])) }
            tables[tables.count - 1].columns.append((row[1], row[2]))
            if row[1] == "organization_id" { tables[tables.count - 1].isTenants = true }
        }
        return tables
    }
}
