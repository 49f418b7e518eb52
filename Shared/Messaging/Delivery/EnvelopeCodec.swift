import AMQP
import Contracts
import Foundation

/// The envelope as AMQP properties and headers, and back (design, section 4).
enum EnvelopeCodec {
    enum Header {
        static let occurredAt = "occurred-at"
        static let correlationID = "correlation-id"
        static let causationID = "causation-id"
        static let organizationID = "organization-id"
        static let traceparent = "traceparent"
        static let failures = "failures"
        static let failureReason = "failure-reason"
        /// On a reply: `ok`, or `refused` with a ``Problem`` as body.
        static let outcome = "outcome"
    }

    /// Header values are cut to this many bytes: a reason may be long, and a frame is not.
    private static let maximumReasonBytes = 2000

    static func properties(of message: WireMessage) -> AMQPProperties {
        let envelope = message.envelope
        var headers: [String: AMQPFieldValue] = [Header.occurredAt: .int64(envelope.occurredAt.millisecondsSince1970)]
        headers[Header.causationID] = envelope.causationID.map { .string(text($0)) }
        headers[Header.organizationID] = envelope.organizationID.map { .string($0.description) }
        headers[Header.traceparent] = envelope.traceparent.map { .string($0) }
        if message.failures > 0 { headers[Header.failures] = .int64(Int64(message.failures)) }
        headers[Header.failureReason] = message.failureReason.map {
            .string(String(decoding: $0.utf8.prefix(maximumReasonBytes), as: UTF8.self))
        }
        return AMQPProperties(
            messageID: text(envelope.id), type: envelope.type,
            timestamp: envelope.occurredAt.millisecondsSince1970 / 1000,
            correlationID: envelope.correlationID.map(text), appID: envelope.appID,
            contentType: MessageCodec.contentType, headers: headers)
    }

    static func incoming(_ delivery: AMQPDelivery) throws -> IncomingMessage {
        let properties = delivery.properties
        guard properties.contentType == MessageCodec.contentType else {
            throw MessagingError.malformedEnvelope("content_type must be \(MessageCodec.contentType)")
        }
        let failures = properties.headers[Header.failures]?.int64.map { Int(clamping: $0) } ?? 0
        return IncomingMessage(
            envelope: try envelope(properties), body: delivery.body, failures: failures)
    }

    static func envelope(_ properties: AMQPProperties) throws -> Envelope {
        guard let id = properties.messageID.flatMap(UUID.init(uuidString:)) else {
            throw MessagingError.malformedEnvelope("message_id must be a UUID")
        }
        guard let type = properties.type, !type.isEmpty else {
            throw MessagingError.malformedEnvelope("type must name the message")
        }
        guard
            let milliseconds = properties.headers[Header.occurredAt]?.int64
                ?? properties.timestamp.map({ $0 * 1000 })
        else { throw MessagingError.malformedEnvelope("timestamp must be present") }
        // A request's correlation_id is the asker's own; its saga travels in a header.
        let correlation = properties.headers[Header.correlationID]?.string ?? properties.correlationID
        return Envelope(
            id: id, type: type, occurredAt: Timestamp(millisecondsSince1970: milliseconds),
            correlationID: correlation.flatMap(UUID.init(uuidString:)),
            causationID: properties.headers[Header.causationID]?.string.flatMap(UUID.init(uuidString:)),
            organizationID: try organizationID(properties), traceparent: properties.headers[Header.traceparent]?.string,
            appID: properties.appID ?? "")
    }

    private static func organizationID(_ properties: AMQPProperties) throws -> OrganizationID? {
        guard let value = properties.headers[Header.organizationID] else { return nil }
        guard let id = value.string.flatMap({ OrganizationID($0) }) else {
            throw MessagingError.malformedEnvelope("the header organization-id must be a UUID")
        }
        return id
    }

    private static func text(_ id: UUID) -> String { id.uuidString.lowercased() }
}
