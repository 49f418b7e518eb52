import Contracts
import Messaging

/// Somebody who uses the platform through requests.
@SimulationActor
class Actor {
    let organizationID: OrganizationID
    let simulation: Simulation
    let script = Script()

    init(_ organizationID: OrganizationID, in simulation: Simulation) {
        self.organizationID = organizationID
        self.simulation = simulation
    }

    func id<Subject>(_ subject: Identifier<Subject>.Type = Identifier<Subject>.self) -> Identifier<Subject> {
        simulation.time.moments.moment().makeID()
    }

    func chance(_ probability: Double) -> Bool {
        simulation.random.chance(probability)
    }

    func number(in range: ClosedRange<Int>) -> Int {
        simulation.random.number(in: range)
    }

    func rest(_ milliseconds: ClosedRange<Int>) async {
        await simulation.rest(simulation.random.milliseconds(in: milliseconds), script)
    }

    /// Asks until there is an answer, as whoever has an idempotency key may; sometimes once more for nothing.
    /// - Returns: nil when it was refused, or when nobody has answered for very long.
    func insist<Body: Request>(on request: Body) async -> Body.Reply? {
        if case .success(let reply) = await outcome(of: request) { reply } else { nil }
    }

    /// The same with the refusal.
    func outcome<Body: Request>(of request: Body) async -> Result<Body.Reply, Problem> {
        var last = Problem(.unavailable, "Nobody was asked.")
        var answer: Body.Reply?
        for _ in 0..<60 {
            do {
                answer = try await simulation.ask(request, of: organizationID, by: script)
                // A client that has not seen the answer asks again.
                if !chance(0.05) { break }
            } catch let problem as Problem {
                last = problem
                guard problem.slug == .unavailable || problem.slug == .internalError else { break }
                if answer != nil { break }
                await rest(200...2000)
            } catch {
                simulation.record("an answer to \(Body.name) cannot be read: \(error)")
                break
            }
        }
        return answer.map { .success($0) } ?? .failure(last)
    }
}
