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
    private let keys: TimedCache<String, Known?>
    /// What a presented key is compared with when there is no such key, so that this takes as long as a wrong secret.
    private let nobody = APIKeySecret.hash("nobody")

    /// A key with the caller it makes, so that this is not put together for each request.
    private struct Known: Sendable {
        let record: APIKeyRecord
        let caller: Caller
    }

    init(database: PostgresClient, platformKey: String) {
        self.database = database
        self.platformKeyHash = APIKeySecret.hash(platformKey)
        self.keys = TimedCache(maximumAge: Self.maximumAge, capacity: Self.capacity)
    }

    /// - Parameter authorization: the value of the `Authorization` header.
    /// - Throws: a ``Problem``: `unauthenticated`, or `unavailable` while the table cannot be read.
    func caller(authorization: String?, at now: Timestamp) async throws -> Caller {
        guard let authorization else {
            throw Problem(.unauthenticated, "Send the key as Authorization: Bearer KEY.")
        }
        guard let presented = Self.key(in: authorization) else {
            throw Problem(.unauthenticated, "Send the key as Authorization: Bearer KEY.")
        }
        let hash = APIKeySecret.hash(presented)
        if APIKeySecret.areEqual(hash, platformKeyHash) { return .platform }
        guard let prefix = APIKeySecret.prefix(of: presented) else { throw Self.unknownKey }
        let known = try await known(prefix: prefix)
        let isKey = APIKeySecret.areEqual(hash, known?.record.hash ?? nobody)
        guard let known, isKey, known.record.isValid(at: now) else { throw Self.unknownKey }
        return known.caller
    }

    /// The caller, if its key is remembered and right; nil says nothing, and ``caller(authorization:at:)`` must be asked.
    func remembered(authorization: String, at now: Timestamp) -> Caller? {
        guard let presented = Self.key(in: authorization), let prefix = APIKeySecret.prefix(of: presented),
            case .some(.some(let known)) = keys.peek(prefix),
            APIKeySecret.areEqual(APIKeySecret.hash(presented), known.record.hash), known.record.isValid(at: now)
        else { return nil }
        return known.caller
    }

    /// Forgets a key at once: it was revoked.
    func forget(_ id: APIKeyID) {
        keys.forget { _, known in known?.record.id == id }
    }

    /// Forgets an organisation's keys at once: its status may have changed.
    func forget(keysOf organizationID: OrganizationID) {
        keys.forget { _, known in known?.record.organizationID == organizationID }
    }

    /// The key after the scheme (RFC 9110, section 11.4).
    private static func key(in authorization: String) -> String? {
        let scheme = "Bearer "
        if authorization.hasPrefix(scheme), !authorization.utf8.dropFirst(scheme.utf8.count).contains(0x20) {
            return String(authorization.utf8.dropFirst(scheme.utf8.count)).flatMap { $0.isEmpty ? nil : $0 }
        }
        let parts = authorization.split(separator: " ", omittingEmptySubsequences: true)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1])
    }

    private func known(prefix: String) async throws -> Known? {
        do {
            return try await keys.value(for: prefix) { [database] in
                try await APIKeyStore.find(prefix: prefix, in: database).map { Known(record: $0, caller: $0.caller) }
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
