import AMQP
import Contracts
import Foundation
import Testing

@testable import Messaging

/// The envelope as AMQP properties and headers, and back.
@Suite("Envelope codec")
struct EnvelopeCodecTests {
    private let message = WireMessage(
        exchange: "e", routingKey: "k",
        envelope: Envelope(
            id: UUID(), type: "tests.a.v1", occurredAt: Timestamp(millisecondsSince1970: 1_795_000_000_123),
            correlationID: UUID(), causationID: UUID(), organizationID: OrganizationID(UUID()),
            traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", appID: "ticketing"),
        body: [1, 2, 3], failures: 3, failureReason: "because")

    private func delivery(_ properties: AMQPProperties) -> AMQPDelivery {
        AMQPDelivery(
            queue: "q", consumerTag: "t", deliveryTag: 1, connectionEpoch: 1, redelivered: false, exchange: "e",
            routingKey: "k", properties: properties, body: [1, 2, 3])
    }

    @Test("What is written is read, to the millisecond")
    func roundTrip() throws {
        let properties = EnvelopeCodec.properties(of: message)
        let incoming = try EnvelopeCodec.incoming(delivery(properties))
        #expect(incoming == IncomingMessage(envelope: message.envelope, body: [1, 2, 3], failures: 3))
        #expect(properties.timestamp == 1_795_000_000)
        #expect(properties.contentType == "application/json")
        #expect(properties.deliveryMode == .persistent)
        #expect(properties.headers["failure-reason"] == "because")
    }

    @Test("What is optional may be missing")
    func optional() throws {
        var bare = message
        bare.envelope = Envelope(
            id: message.envelope.id, type: "tests.a.v1", occurredAt: message.envelope.occurredAt, appID: "")
        (bare.failures, bare.failureReason) = (0, nil)
        let properties = EnvelopeCodec.properties(of: bare)
        #expect(Set(properties.headers.keys) == ["occurred-at"])
        #expect(try EnvelopeCodec.incoming(delivery(properties)).envelope == bare.envelope)
    }

    @Test("Another client's whole seconds are taken where the header is missing")
    func wholeSeconds() throws {
        var properties = EnvelopeCodec.properties(of: message)
        properties.headers["occurred-at"] = nil
        #expect(
            try EnvelopeCodec.envelope(properties).occurredAt == Timestamp(millisecondsSince1970: 1_795_000_000_000))
    }

    @Test("A request's own correlation does not hide the saga's")
    func requestCorrelation() throws {
        var properties = EnvelopeCodec.properties(of: message)
        let saga = UUID()
        properties.correlationID = "7-12"
        #expect(try EnvelopeCodec.envelope(properties).correlationID == nil)
        properties.headers["correlation-id"] = .string(saga.uuidString.lowercased())
        #expect(try EnvelopeCodec.envelope(properties).correlationID == saga)
    }

    @Test(
        "A count of failures is kept within what can be counted on",
        arguments: [
            (Int64.max, 1_000_000), (.min, 0), (-1, 0), (7, 7),
        ])
    func failures(header: Int64, expected: Int) throws {
        var properties = EnvelopeCodec.properties(of: message)
        properties.headers["failures"] = .int64(header)
        #expect(try EnvelopeCodec.incoming(delivery(properties)).failures == expected)
    }

    @Test("A reason is cut to what fits into a header")
    func longReason() {
        var long = message
        long.failureReason = String(repeating: "é", count: 50_000)
        let reason = EnvelopeCodec.properties(of: long).headers["failure-reason"]?.string
        #expect((reason?.utf8.count ?? 0) <= 2010)
        #expect(reason?.hasPrefix("éé") == true)
    }

    @Test("What is malformed is refused with a word about it")
    func malformed() {
        let changes: [(String, (inout AMQPProperties) -> Void)] = [
            ("message_id", { $0.messageID = nil }),
            ("message_id", { $0.messageID = "42" }),
            ("type", { $0.type = nil }),
            ("type", { $0.type = "" }),
            ("content_type", { $0.contentType = "application/xml" }),
            ("content_type", { $0.contentType = nil }),
            ("organization-id", { $0.headers["organization-id"] = 7 }),
            ("organization-id", { $0.headers["organization-id"] = "acme" }),
            ("timestamp", { ($0.timestamp, $0.headers["occurred-at"]) = (nil, nil) }),
            ("timestamp", { ($0.timestamp, $0.headers["occurred-at"]) = (.max, nil) }),
            ("timestamp", { $0.headers["occurred-at"] = .int64(.max) }),
            ("timestamp", { $0.headers["occurred-at"] = .int64(-1) }),
        ]
        for (word, change) in changes {
            var properties = EnvelopeCodec.properties(of: message)
            change(&properties)
            let error = #expect(throws: MessagingError.self) { try EnvelopeCodec.incoming(delivery(properties)) }
            #expect(error?.isPermanent == true)
            #expect(error?.description.contains(word) == true, "\(word): \(String(describing: error))")
        }
    }
}
