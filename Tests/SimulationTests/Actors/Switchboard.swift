import AMQP
import Contracts
import Foundation
import Messaging

@testable import Messaging

/// What actors wait for: answers to their requests, and news of their checkouts.
@SimulationActor
struct Switchboard {
    /// Something that an actor waits for, whichever comes first: it, or the end of the actor's patience.
    @SimulationActor
    final class Wait {
        let script: Script
        private(set) var isOver = false
        var reply: AMQPMessage?

        init(_ script: Script) {
            self.script = script
        }

        func end() async {
            guard !isOver else { return }
            isOver = true
            await script.resume()
        }
    }

    fileprivate var asked: [String: Wait] = [:]
    fileprivate var watched: [CheckoutID: Wait] = [:]
    private var lastQuestion = 0

    mutating func nextQuestion() -> String {
        lastQuestion += 1
        return "reply.\(lastQuestion)"
    }

    /// What the Gateway's processes would hear.
    func hear(_ message: WireMessage, in simulation: Simulation) {
        guard message.envelope.type == CheckoutProgressed.name,
            let changed = try? MessageCodec.decode(CheckoutProgressed.self, from: message.body),
            let wait = watched[changed.checkout.id]
        else { return }
        simulation.later(simulation.random.milliseconds(in: 1...50)) { await wait.end() }
    }
}

extension Simulation {
    /// Asks a service as the Gateway does.
    /// - Throws: ``Problem``.
    func ask<Body: Request>(
        _ request: Body, of organizationID: OrganizationID, by script: Script
    ) async throws -> Body.Reply {
        let moment = time.moments.moment()
        let question = switchboard.nextQuestion()
        let timeout = Duration.seconds(5)
        let wire = WireMessage(
            exchange: Exchange.requests, routingKey: Body.recipient.rawValue,
            envelope: Envelope(
                id: moment.makeUUID(), type: Body.name, occurredAt: moment.now, organizationID: organizationID,
                traceparent: TraceContext.child(of: nil, at: moment), appID: ServiceName.gateway.rawValue),
            body: try MessageCodec.encode(request))
        var properties = EnvelopeCodec.properties(of: wire)
        properties.expiration = String(timeout.milliseconds)
        properties.replyTo = question
        properties.correlationID = question
        _ = publish(
            AMQPMessage(
                exchange: wire.exchange, routingKey: wire.routingKey, mandatory: false, properties: properties,
                body: wire.body))
        let wait = Switchboard.Wait(script)
        switchboard.asked[question] = wait
        later(timeout) { await wait.end() }
        await script.park()
        switchboard.asked[question] = nil
        guard let reply = wait.reply else {
            record("\(Body.name) was not answered")
            throw Problem(.unavailable, "No answer came in time.")
        }
        guard reply.properties.headers[EnvelopeCodec.Header.outcome]?.string == "ok" else {
            let problem = try MessageCodec.decode(Problem.self, from: reply.body)
            record("\(Body.name) was refused: \(problem.slug.rawValue)")
            throw problem
        }
        return try MessageCodec.decode(Body.Reply.self, from: reply.body)
    }

    /// Brings a reply to whoever waits for it.
    func deliver(_ reply: AMQPMessage) {
        guard !random.chance(plan.lostReply), let wait = switchboard.asked[reply.routingKey] else { return }
        later(random.milliseconds(in: 1...20)) {
            guard !wait.isOver else { return }
            wait.reply = reply
            await wait.end()
        }
    }

    /// Lets an actor wait until the checkout changes, or for so long.
    func awaitChange(of checkoutID: CheckoutID, for patience: Duration, by script: Script) async {
        let wait = Switchboard.Wait(script)
        switchboard.watched[checkoutID] = wait
        later(patience) { await wait.end() }
        await script.park()
        switchboard.watched[checkoutID] = nil
    }

    /// Lets an actor rest.
    func rest(_ duration: Duration, _ script: Script) async {
        later(duration) { await script.resume() }
        await script.park()
    }

    /// Every queue that a service's processes consume.
    func queues(of service: ServiceName) -> [String] {
        broker.queueNames.filter {
            $0.hasPrefix("\(service).") && !$0.contains(".retry.") && !$0.hasSuffix(".dead-letters")
        }
    }
}

extension Simulation {
    /// Whether some service answers requests of this name.
    func answers(_ name: String) -> Bool {
        processes.contains { $0.definition?.requestHandlers[name] != nil }
    }

    /// Whether some service takes commands or events of this name.
    func accepts(_ name: String) -> Bool {
        processes.contains { $0.definition?.messageHandlers[name] != nil }
    }
}
