import Contracts
import Foundation
import Messaging
import Postgres

/// Reads and writes the sagas of one kind.
struct SagaStore<Kept: StoredSaga> {
    let transaction: PostgresTransaction

    /// Sagas that were read, and those whose stored form this version cannot read.
    struct Read {
        var sagas: [SagaKey: Kept] = [:]
        var unreadable: Set<SagaKey> = []
    }

    /// Reads these sagas and locks their rows. The ones that do not exist are left out.
    ///
    /// By organisation and then by id, as requests that are answered together come to theirs: so no two batches deadlock.
    func lock(_ keys: Set<SagaKey>) throws -> Read {
        let ordered = Array(keys)
        return try read(
            transaction.query(
                """
                SELECT saga.id, saga.organization_id, saga.saga
                FROM \(unescaped: Kept.tables.sagas) AS saga
                JOIN unnest(\(ordered.map(\.id)), \(ordered.map(\.organizationID))) AS wanted (id, organization_id)
                    USING (id, organization_id)
                ORDER BY saga.organization_id, saga.id
                FOR UPDATE OF saga
                """))
    }

    /// Reads these sagas of one organisation. The ones that do not exist are left out.
    /// - Throws: ``UnreadableSaga``.
    func find(_ ids: [UUID], organizationID: OrganizationID) throws -> [SagaKey: Kept] {
        let read = try read(
            transaction.query(
                """
                SELECT id, organization_id, saga FROM \(unescaped: Kept.tables.sagas)
                WHERE id = ANY(\(ids)) AND organization_id = \(organizationID)
                """))
        if let key = read.unreadable.first { throw UnreadableSaga(kind: Kept.kind, key: key) }
        return read.sagas
    }

    /// Reads one saga.
    /// - Throws: ``UnreadableSaga``.
    func find(_ key: SagaKey) throws -> Kept? {
        try find([key.id], organizationID: key.organizationID)[key]
    }

    /// Stores new sagas.
    /// - Returns: those that are new; what is taken is left out.
    func insert(_ sagas: [Kept]) throws -> Set<UUID> {
        guard !sagas.isEmpty else { return [] }
        return Set(try transaction.query(Kept.insertQuery(sagas)).decode(UUID.self))
    }

    /// Writes back sagas that are locked.
    func update(_ sagas: [Kept], at now: Timestamp) throws {
        guard !sagas.isEmpty else { return }
        try transaction.write(Kept.updateQuery(sagas, at: now))
    }

    private func read(_ rows: PostgresRows) throws -> Read {
        var read = Read()
        for row in rows {
            let key = SagaKey(try UUID(row[0]), of: try OrganizationID(row[1]))
            do {
                read.sagas[key] = try PostgresJSON<Kept>(row[2]).value
            } catch {
                read.unreadable.insert(key)
            }
        }
        return read
    }
}
