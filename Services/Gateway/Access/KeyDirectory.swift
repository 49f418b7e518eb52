import Contracts
import Foundation
import Messaging
import Postgres

/// Recognises callers by their keys.
///
/// What the table says of a key is kept for at most 900 ms, so that a revoked key stops working within a second on
/// every gateway even when the event that says so is lost; the event itself makes it stop at once.
final class KeyDirectory: Sendable {
    static let maximumAge = Duration.milliseconds(900)
    private static let capacity = 20_000

    private let database: PostgresClient
    private let platformKeyHash: [UInt8]
    private let records: TimedCache<String, APIKeyRecord?>
    /// What a presented key is compared with when there is no such key, so that this takes as long as a wrong secret.
    private let nobody = APIKeySecret.hash("nobody")

    init(database: PostgresClient, platformKey: String) {
        self.database = database
        self.platformKeyHash = APIKeySecret.hash(platformKey)
        self.records = TimedCache(maximumAge: Self.maximumAge, capacity: Self.capacity)
    }

    /// - Parameter authorization: the value of the `Authorization` header.
    /// - Throws: a ``Problem``: `unauthenticated`, or `unavailable` while the table cannot be read.
    func caller(authorization: String?, at now: Timestamp) async throws -> Caller {
        guard let authorization else {
            throw Problem(.unauthenticated, "Send the key as Authorization: Bearer KEY.")
        }
        let parts = authorization.split(separator: " ", omittingEmptySubsequences: true)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else {
            throw Problem(.unauthenticated, "Send the key as Authorization: Bearer KEY.")
        }
        let presented = String(parts[1])
        let hash = APIKeySecret.hash(presented)
        if APIKeySecret.areEqual(hash, platformKeyHash) { return .platform }
        guard let prefix = APIKeySecret.prefix(of: presented) else { throw Self.unknownKey }
        let record = try await record(prefix: prefix)
        let isKey = APIKeySecret.areEqual(hash, record?.hash ?? nobody)
        guard let record, isKey, record.isValid(at: now) else { throw Self.unknownKey }
        return record.caller
    }

    /// Forgets a key at once: it was revoked.
    func forget(_ id: APIKeyID) {
        records.forget { _, record in record?.id == id }
    }

    /// Forgets an organisation's keys at once: its status may have changed.
    func forget(keysOf organizationID: OrganizationID) {
        records.forget { _, record in record?.organizationID == organizationID }
    }

    private func record(prefix: String) async throws -> APIKeyRecord? {
        do {
            return try await records.value(for: prefix) { [database] in
                try await APIKeyStore.find(prefix: prefix, in: database)
            }
        } catch is PostgresError {
            // Nobody can be recognised, and a key that may have been revoked is not believed.
            throw Problem(.unavailable, "Keys cannot be checked now. Try again.", retryAfterSeconds: 1)
        }
    }

    /// One answer for unknown, wrong, revoked and expired keys.
    private static var unknownKey: Problem {
        Problem(.unauthenticated, "The key is unknown, revoked or expired.")
    }
}
