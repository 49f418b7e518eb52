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
    static let maximumReasonBytes = 2000

    /// The milliseconds since 1970 that RFC 3339 can write.
    private static let calendar: ClosedRange<Int64> = 0...253_402_300_799_999

    /// A message that travels by itself.
    static func message(_ message: WireMessage) -> AMQPMessage {
        AMQPMessage(
            exchange: message.exchange, routingKey: message.routingKey, properties: properties(of: message),
            body: message.body)
    }

    static func properties(of message: WireMessage) -> AMQPProperties {
        let envelope = message.envelope
        var headers: [String: AMQPFieldValue] = [Header.occurredAt: .int64(envelope.occurredAt.millisecondsSince1970)]
        headers[Header.causationID] = envelope.causationID.map { .string(text($0)) }
        headers[Header.organizationID] = envelope.organizationID.map { .string($0.rawValue.lowercaseText) }
        headers[Header.traceparent] = envelope.traceparent.map { .string($0) }
        if message.failures > 0 { headers[Header.failures] = .int64(Int64(message.failures)) }
        headers[Header.failureReason] = message.failureReason.map(reason)
        return AMQPProperties(
            messageID: text(envelope.id), type: envelope.type,
            timestamp: envelope.occurredAt.millisecondsSince1970 / 1000,
            correlationID: envelope.correlationID.map(text), appID: envelope.appID,
            contentType: MessageCodec.contentType, headers: headers)
    }

    /// The value of the header with the reason of a failure, cut to what fits.
    static func reason(_ text: String) -> AMQPFieldValue {
        .string(String(decoding: text.utf8.prefix(maximumReasonBytes), as: UTF8.self))
    }

    static func incoming(_ delivery: AMQPDelivery) throws -> IncomingMessage {
        let properties = delivery.properties
        guard properties.contentType == MessageCodec.contentType else {
            throw MessagingError.malformedEnvelope("content_type must be \(MessageCodec.contentType)")
        }
        // The header comes from outside: no number in it may overflow what is counted on.
        let failures = Int(min(max(0, properties.headers[Header.failures]?.int64 ?? 0), 1_000_000))
        return IncomingMessage(
            envelope: try envelope(properties), body: delivery.body, failures: failures)
    }

    static func envelope(_ properties: AMQPProperties) throws -> Envelope {
        guard let id = properties.messageID.flatMap(UUID.init(text:)) else {
            throw MessagingError.malformedEnvelope("message_id must be a UUID")
        }
        guard let type = properties.type, !type.isEmpty else {
            throw MessagingError.malformedEnvelope("type must name the message")
        }
        // A request's correlation_id is the asker's own; its saga travels in a header.
        let correlation = properties.headers[Header.correlationID]?.string ?? properties.correlationID
        return Envelope(
            id: id, type: type, occurredAt: try occurredAt(properties),
            correlationID: correlation.flatMap(UUID.init(text:)),
            causationID: properties.headers[Header.causationID]?.string.flatMap(UUID.init(text:)),
            organizationID: try organizationID(properties), traceparent: properties.headers[Header.traceparent]?.string,
            appID: properties.appID ?? "")
    }

    /// The header with its milliseconds, or else AMQP's own whole seconds.
    private static func occurredAt(_ properties: AMQPProperties) throws -> Timestamp {
        let milliseconds: Int64
        if let header = properties.headers[Header.occurredAt]?.int64 {
            milliseconds = header
        } else if let seconds = properties.timestamp {
            // Saturates: what lies beyond the calendar is refused below.
            milliseconds = seconds.multipliedReportingOverflow(by: 1000).overflow ? -1 : seconds * 1000
        } else {
            throw MessagingError.malformedEnvelope("timestamp must be present")
        }
        return try time(milliseconds: milliseconds)
    }

    static func time(milliseconds: Int64) throws -> Timestamp {
        guard calendar.contains(milliseconds) else {
            throw MessagingError.malformedEnvelope("timestamp must be between 1970 and 9999")
        }
        return Timestamp(millisecondsSince1970: milliseconds)
    }

    private static func organizationID(_ properties: AMQPProperties) throws -> OrganizationID? {
        guard let value = properties.headers[Header.organizationID] else { return nil }
        return try organizationID(value.string ?? "")
    }

    static func organizationID(_ text: String) throws -> OrganizationID {
        guard let id = UUID(text: text) else {
            throw MessagingError.malformedEnvelope("the header organization-id must be a UUID")
        }
        return OrganizationID(id)
    }

    private static func text(_ id: UUID) -> String { id.lowercaseText }
}
