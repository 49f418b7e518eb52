/// Where a simulation lives: everything in it happens one step after the other.
@globalActor
actor SimulationActor {
    static let shared = SimulationActor()
}
