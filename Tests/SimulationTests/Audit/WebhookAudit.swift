import Contracts
import Crypto
import Foundation

/// What subscribers know of their endpoints, and what is wrong with what came in there.
@SimulationActor
struct WebhookAudit {
    private struct Endpoint {
        let organizationID: OrganizationID
        let url: String
        let types: Set<String>
        var secrets: [String] = []
        /// How many secrets were asked for and not heard of.
        var missingSecrets = 0
        /// Whether its owner has disabled it at some time.
        var wasClosed = false
    }

    private var endpoints: [WebhookEndpointID: Endpoint] = [:]

    mutating func told(_ details: WebhookEndpointDetails) {
        var endpoint =
            endpoints[details.id]
            ?? Endpoint(
                organizationID: details.organizationID, url: details.url,
                types: Set(details.eventTypes.map(\.rawValue)))
        if let secret = details.secret, !endpoint.secrets.contains(secret) {
            endpoint.secrets.append(secret)
            endpoint.missingSecrets = max(0, endpoint.missingSecrets - 1)
        }
        endpoints[details.id] = endpoint
    }

    mutating func expectsAnotherSecret(of id: WebhookEndpointID) {
        endpoints[id]?.missingSecrets += 1
    }

    mutating func closes(_ id: WebhookEndpointID) {
        endpoints[id]?.wasClosed = true
    }

    /// - Parameters:
    ///   - facts: what must have been told of, by its organisation.
    ///   - codes: what no webhook may contain.
    func problems(
        _ book: WebhookBook, _ arrivals: [WebhookReceiver.Arrival], facts: [WebhookBook.Fact], codes: [String]
    ) -> [String] {
        let eventIDs = Set(book.events.map(\.fact))
        return endpoints.sorted { $0.key < $1.key }.flatMap { id, endpoint -> [String] in
            guard let entry = book.endpoints[id] else { return ["endpoint \(id) was registered and is gone"] }
            let deliveries = book.deliveries.filter { $0.endpointID == id }
            var problems = deliveries.filter { $0.status == "pending" }.map { "delivery \($0.id) is pending for ever" }
            if deliveries.map(\.sequence).sorted() != Array(0..<entry.lastSequence).map({ $0 + 1 }) {
                problems.append("the numbers of endpoint \(id) have gaps")
            }
            let known = Dictionary(uniqueKeysWithValues: deliveries.map { ($0.id.description, $0) })
            let received = arrivals.filter { $0.url == endpoint.url }
            problems += received.flatMap { self.problems(of: $0, at: endpoint, known, codes) }
            guard entry.isEnabled, !endpoint.wasClosed else { return problems }
            for fact in facts
            where fact.organizationID == endpoint.organizationID && endpoint.types.contains(fact.type)
                && !eventIDs.contains(fact)
            {
                problems.append("endpoint \(id) was never to hear of \(fact.type) \(fact.objectID)")
            }
            let taken = Set(received.filter(\.isTaken).map(\.id))
            let delivered = Dictionary(deliveries.map { ($0.eventID, $0.id.description) }) { first, _ in first }
            for event in book.events
            where event.fact.organizationID == endpoint.organizationID && endpoint.types.contains(event.fact.type) {
                guard let delivery = delivered[event.id], taken.contains(delivery) else {
                    problems.append("endpoint \(id) has not heard of \(event.fact.type) \(event.fact.objectID)")
                    continue
                }
            }
            return problems
        }
    }

    private func problems(
        of arrival: WebhookReceiver.Arrival, at endpoint: Endpoint, _ known: [String: WebhookBook.Delivery],
        _ codes: [String]
    ) -> [String] {
        var problems: [String] = []
        if known[arrival.id].map({ String($0.sequence) }) != arrival.sequence {
            problems.append("webhook \(arrival.id) bears number \(arrival.sequence), which is not its own")
        }
        if endpoint.missingSecrets == 0, !endpoint.secrets.contains(where: { Self.signs($0, arrival) }) {
            problems.append("webhook \(arrival.id) is signed with none of its endpoint's secrets")
        }
        let payload = String(decoding: arrival.payload, as: UTF8.self)
        if codes.contains(where: payload.contains) {
            problems.append("webhook \(arrival.id) gives a ticket's code away")
        }
        return problems
    }

    /// As a receiver checks it (Standard Webhooks 1.0).
    private static func signs(_ secret: String, _ arrival: WebhookReceiver.Arrival) -> Bool {
        guard let key = Data(base64Encoded: String(secret.dropFirst("whsec_".count))) else { return false }
        let content = Data("\(arrival.id).\(arrival.timestamp).".utf8) + arrival.payload
        let code = HMAC<SHA256>.authenticationCode(for: content, using: SymmetricKey(data: key))
        return arrival.signatures.contains("v1,\(Data(code).base64EncodedString())")
    }
}
