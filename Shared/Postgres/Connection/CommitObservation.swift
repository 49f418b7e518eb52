/// Who sees the commits of the current task, if anybody: a simulation, which ends processes and connections at the worst
/// instants. It may let a commit fail on either side.
protocol CommitObserver: Sendable {
    /// Everything is done but COMMIT.
    /// - Throws: what ends the transaction instead; it is rolled back.
    func willCommit(_ database: String) throws

    /// The server has kept the work.
    /// - Throws: what the caller hears nevertheless.
    func didCommit(_ database: String) throws
}

enum CommitObservation {
    /// Nil outside of simulations.
    @TaskLocal static var observer: (any CommitObserver)?
}
