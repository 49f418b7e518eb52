import Contracts
import Foundation
import Messaging

/// Checks what buyers ask for against Ticketing's catalogue, with answers up to a second old, so that a rush on one
/// occurrence asks Ticketing once a second and not once a buyer.
///
/// A yes that has grown old does no harm, because the hold is judged by Ticketing itself. Before buyers are told that
/// something is not for sale, Ticketing is asked anew. That too few places are left is believed for the whole second, so
/// that tens of thousands who come too late cost nothing; a place that is heard to have come back is for sale at once.
struct AvailabilityLookup: Sendable {
    private struct Key: Hashable, Sendable {
        let organizationID: OrganizationID
        let occurrenceID: OccurrenceID
    }

    private static let maximumAge = Duration.seconds(1)
    private static let capacity = 10_000
    /// Longer than it takes from a checkout's end until its places are free.
    private static let timeToComeBack = Duration.seconds(2)

    private let calls: any ServiceCalls
    private let moments: MomentSource
    private let cache = TimedCache<Key, Availability>(
        maximumAge: AvailabilityLookup.maximumAge, capacity: AvailabilityLookup.capacity)

    init(calls: any ServiceCalls, moments: MomentSource) {
        self.calls = calls
        self.moments = moments
    }

    /// - Throws: a ``Problem``: `not-found` for the occurrence, `validation-failed` for items, `sales-closed`.
    func check(_ draft: CheckoutDraft, for call: Call) async throws {
        let key = Key(organizationID: try call.organizationID, occurrenceID: draft.occurrenceID)
        let traceparent = call.traceparent
        let found = try await cache.find(key) { try await ask(key, traceparent) }
        guard let refusal = SaleCheck.refusal(of: draft, given: found.value, at: moments.now()) else { return }
        guard !found.isFresh else { throw refusal }
        let availability = try await ask(key, traceparent)
        if let refusal = SaleCheck.refusal(of: draft, given: availability, at: moments.now()) { throw refusal }
        // What changed for the better is news for the next buyer, too.
        forget(draft.occurrenceID)
    }

    /// The answer to a buyer who wants more than is known to be left; nil when there may be enough, or when the draft is
    /// wrong in some other way, which ``check(_:for:)`` tells.
    func shortage(for draft: CheckoutDraft, of call: Call) async -> Problem? {
        guard let organizationID = try? call.organizationID else { return nil }
        let key = Key(organizationID: organizationID, occurrenceID: draft.occurrenceID)
        let traceparent = call.traceparent
        guard let availability = try? await cache.value(for: key, load: { try await ask(key, traceparent) }),
            SaleCheck.refusal(of: draft, given: availability, at: moments.now()) == nil
        else { return nil }
        return SaleCheck.shortage(for: draft, given: availability)
    }

    /// Notes that places of an occurrence come back. As long as that may take, Ticketing is asked for whoever comes, by one
    /// question at a time.
    func expectMore(_ occurrenceID: OccurrenceID, of organizationID: OrganizationID) {
        cache.outdate(Key(organizationID: organizationID, occurrenceID: occurrenceID), for: Self.timeToComeBack)
    }

    /// Notes what somebody is shown: nobody is refused by what is known to be older than that.
    func note(_ shown: Availability, of organizationID: OrganizationID) {
        cache.outdate(Key(organizationID: organizationID, occurrenceID: shown.occurrenceID)) { $0 != shown }
    }

    /// Forgets what was said of an occurrence: it is known to have changed.
    func forget(_ occurrenceID: OccurrenceID) {
        cache.forget { key, _ in key.occurrenceID == occurrenceID }
    }

    /// Forgets what was said of an organisation's occurrences: it has changed something.
    func forget(of organizationID: OrganizationID) {
        cache.forget { key, _ in key.organizationID == organizationID }
    }

    private func ask(_ key: Key, _ traceparent: String) async throws -> Availability {
        do {
            return try await calls.ask(
                GetAvailability(occurrenceID: key.occurrenceID), organizationID: key.organizationID,
                correlationID: nil, traceparent: traceparent, timeout: .seconds(5))
        } catch let problem as Problem where problem.slug == .notFound {
            throw Problem.notFound("occurrence")
        }
    }
}
