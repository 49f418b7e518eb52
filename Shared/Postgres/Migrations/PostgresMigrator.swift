import Foundation

/// Brings a database's schema up to date.
///
/// What was applied stands in the table `schema_migrations` with the SHA-256 of its text. Each migration runs in a transaction of
/// its own that first takes an advisory lock, so that of several migrators one works and the others wait and then find nothing
/// to do.
public struct PostgresMigrator: Sendable {
    /// The key of the lock; any program that migrates the same database must use the same.
    public static let standardLockKey: Int64 = 0x766F_656C_676F_6564

    private let migrations: [PostgresMigration]
    private let statementTimeout: Duration

    /// - Parameters:
    ///   - migrations: in the order of their names.
    ///   - statementTimeout: the longest one migration, or the wait for another migrator, may take.
    public init(migrations: [PostgresMigration], statementTimeout: Duration = .seconds(900)) {
        self.migrations = migrations
        self.statementTimeout = statementTimeout
    }

    /// Applies what is missing.
    /// - Returns: the names of the migrations that this call applied.
    /// - Throws: ``PostgresError`` with the code `migration` when the names are not in order, when an applied migration has
    ///   changed or is not known, or when a missing one stands before an applied one. Also when one fails; it and those after it
    ///   are then not applied.
    @discardableResult
    public func migrate(
        _ client: PostgresClient, advisoryLockKey: Int64 = PostgresMigrator.standardLockKey
    ) async throws -> [String] {
        try checkNames()
        var applied: [String] = []
        var options = PostgresTransactionOptions()
        options.statementTimeout = statementTimeout
        while true {
            try Task.checkCancellation()
            let name = try await client.withTransaction(options) { transaction in
                try applyNext(in: transaction, advisoryLockKey: advisoryLockKey)
            }
            guard let name else { return applied }
            applied.append(name)
        }
    }

    /// How each migration stands: the program's in their order, and then those only the database knows.
    public func status(_ client: PostgresClient) async throws -> [PostgresMigrationStatus] {
        try await client.withTransaction(readOnly: true) { transaction in
            let isThere = try transaction.query("SELECT to_regclass('schema_migrations') IS NOT NULL")
            guard try isThere.decodeOne(Bool.self) else {
                return migrations.map { PostgresMigrationStatus(name: $0.name, state: .pending) }
            }
            let records = try records(in: transaction)
            let known = Set(migrations.map(\.name))
            return zip(migrations, try checksums(in: transaction)).map { migration, checksum in
                let state: PostgresMigrationStatus.State =
                    switch records.first(where: { $0.name == migration.name }) {
                    case nil: .pending
                    case let record? where record.checksum == checksum: .applied(at: record.appliedAt)
                    case let record?: .changed(appliedAt: record.appliedAt)
                    }
                return PostgresMigrationStatus(name: migration.name, state: state)
            }
                + records.filter { !known.contains($0.name) }
                .map { PostgresMigrationStatus(name: $0.name, state: .unknown(appliedAt: $0.appliedAt)) }
        }
    }

    // MARK: Parts

    private struct Record {
        let name: String
        let checksum: String
        let appliedAt: Date
    }

    private func checkNames() throws {
        for migration in migrations where migration.name.wholeMatch(of: /[0-9]{4}_[a-z0-9_]+/) == nil {
            throw PostgresError(.migration, "\(migration.name) is not four digits and words, like 0001_create_holds")
        }
        for (before, after) in zip(migrations, migrations.dropFirst()) where before.name >= after.name {
            throw PostgresError(.migration, "\(after.name) stands after \(before.name): the names must ascend")
        }
    }

    /// Applies the first migration that is missing, and returns its name.
    private func applyNext(in transaction: PostgresTransaction, advisoryLockKey: Int64) throws -> String? {
        try transaction.query("SELECT pg_advisory_xact_lock(\(advisoryLockKey))")
        try transaction.runScript(
            """
            CREATE TABLE IF NOT EXISTS schema_migrations (
                name text PRIMARY KEY,
                checksum text NOT NULL,
                applied_at timestamptz NOT NULL DEFAULT now()
            )
            """)
        let records = try records(in: transaction)
        let checksums = try checksums(in: transaction)
        guard let next = try firstPending(records, checksums) else { return nil }
        let migration = migrations[next]
        do {
            try transaction.runScript(migration.sql)
            try transaction.execute(
                "INSERT INTO schema_migrations (name, checksum) VALUES (\(migration.name), \(checksums[next]))")
        } catch var error as PostgresError {
            error.message = "\(migration.name): \(error.message)"
            throw error
        }
        return migration.name
    }

    /// The number of the first migration to apply, if the database and the program fit together.
    private func firstPending(_ records: [Record], _ checksums: [String]) throws -> Int? {
        let known = Set(migrations.map(\.name))
        if let unknown = records.first(where: { !known.contains($0.name) }) {
            throw PostgresError(
                .migration, "the database has \(unknown.name), which this program does not know: is it too old?")
        }
        let applied = Dictionary(uniqueKeysWithValues: records.map { ($0.name, $0.checksum) })
        for (migration, checksum) in zip(migrations, checksums) {
            if let recorded = applied[migration.name], recorded != checksum {
                throw PostgresError(
                    .migration, "\(migration.name) was changed after it was applied: undo that, and add a new migration"
                )
            }
        }
        guard let next = migrations.firstIndex(where: { applied[$0.name] == nil }) else { return nil }
        if let later = migrations[next...].first(where: { applied[$0.name] != nil }) {
            throw PostgresError(
                .migration,
                "\(migrations[next].name) comes before \(later.name), which is applied: give it a later name")
        }
        return next
    }

    private func records(in transaction: PostgresTransaction) throws -> [Record] {
        try transaction.query("SELECT name, checksum, applied_at FROM schema_migrations ORDER BY name COLLATE \"C\"")
            .decode((String, String, Date).self)
            .map { Record(name: $0, checksum: $1, appliedAt: $2) }
    }

    /// The SHA-256 of each migration's text, in their order.
    private func checksums(in transaction: PostgresTransaction) throws -> [String] {
        try transaction.query(
            """
            SELECT encode(sha256(convert_to(sql, 'UTF8')), 'hex')
            FROM unnest(\(migrations.map(\.sql))) WITH ORDINALITY AS migration (sql, number)
            ORDER BY number
            """
        ).decode(String.self)
    }
}
