import AMQP
import Contracts
import Foundation
import Testing

@testable import Messaging

/// What every process hears for itself.
@Suite("Broadcasts", .timeLimit(.minutes(5)))
struct BroadcastTests {
    @Test("Every process hears an event, its queue goes with it, and a malformed event is passed over")
    func everyProcess() async throws {
        try await MessagingScene.with { scene in
            func listener(_ heard: Witness<String>) -> BroadcastListener {
                var listener = BroadcastListener()
                listener.on(OrderFollowed.self) { heard.append($0.body.label) }
                return listener
            }
            let (one, two) = (Witness<String>(), Witness<String>())
            func gateway(_ heard: Witness<String>) -> MessageService {
                scene.service(ServiceDefinition(name: .gateway, migrations: []), listener: listener(heard))
            }
            try await scene.running(gateway(one)) {
                try await scene.running(gateway(two)) {
                    var malformed = try MessagingScene.wire(OrderFollowed(label: "never"))
                    malformed.body = Array("[".utf8)
                    try await scene.publish([malformed, try MessagingScene.wire(OrderFollowed(label: "a"))])
                    await one.wait(count: 1)
                    await two.wait(count: 1)
                }
                try await scene.publish([try MessagingScene.wire(OrderFollowed(label: "b"))])
                await one.wait(count: 2)
            }
            #expect(one.entries == ["a", "b"])
            #expect(two.entries == ["a"])
            // Nobody is left to hear: the queues are gone, and a mandatory event comes back.
            let unheard = try await scene.administration.publish([
                MessagingScene.message(try MessagingScene.wire(OrderFollowed(label: "c")))
            ])
            #expect(unheard.first?.error?.code == .unroutable)
        }
    }
}
