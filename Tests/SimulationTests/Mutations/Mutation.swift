import Contracts
import Messaging
import Postgres

@testable import Messaging
@testable import Operator

/// A bug that is planted to see whether a simulation finds it.
enum Mutation: String, CaseIterable, Sendable {
    case acknowledgeFirst = "acknowledge-first"
    case believeEveryPublish = "believe-every-publish"
    case forgetTheRelay = "forget-the-relay"
    case rememberInMemory = "remember-in-memory"
    case skipTheInbox = "skip-the-inbox"

    /// What changes in the databases, such as a constraint that would not let the bug through.
    @SimulationActor
    var statements: [(SimulatedDatabases.Database, String)] {
        switch self {
        case .skipTheInbox, .rememberInMemory:
            SimulatedWorld.services.compactMap { SimulatedDatabases.Database(rawValue: $0.rawValue) }
                .map { ($0, "ALTER TABLE inbox DROP CONSTRAINT inbox_pkey") }
        default: []
        }
    }

    @SimulationActor
    func planted(in definition: ServiceDefinition, of simulation: Simulation) -> ServiceDefinition {
        definition
    }
}
