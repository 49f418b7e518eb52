import AMQP
import Contracts
import Foundation
import Testing

@testable import Messaging

/// Until when an asker waits.
@Suite("Request deadline")
struct DeadlineTests {
    private func request(at time: Timestamp, timeToLive: String?) throws -> AMQPDelivery {
        var message = MessagingScene.message(try MessagingScene.wire(WriteNote(note: "a"), at: time))
        message.properties.expiration = timeToLive
        return AMQPDelivery(
            queue: "q", consumerTag: "t", deliveryTag: 1, connectionEpoch: 1, redelivered: false, exchange: "e",
            routingKey: "k", properties: message.properties, body: message.body)
    }

    @Test("A request expires its time to live after it was made, and never without one")
    func expiry() throws {
        let time = Timestamp(millisecondsSince1970: 1_795_000_000_000)
        let request = try request(at: time, timeToLive: "5000")
        #expect(!RequestProcessor.hasExpired(request, at: time + .seconds(5)))
        #expect(RequestProcessor.hasExpired(request, at: time + .milliseconds(5001)))
        for timeToLive in [nil, "soon", "-1"] {
            let endless = try self.request(at: time, timeToLive: timeToLive)
            #expect(!RequestProcessor.hasExpired(endless, at: time + .seconds(1_000_000)))
        }
        let long = try self.request(at: time, timeToLive: "\(Int64.max)")
        #expect(!RequestProcessor.hasExpired(long, at: time + .seconds(1000)))
    }
}
