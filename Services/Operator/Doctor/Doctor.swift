import ArgumentParser

/// `voelgoed doctor`: is everything reachable, which versions, and what is waiting.
struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look at the broker, the databases and every process; exit 1 when something is wrong.")

    func run() async throws {
        let diagnoses = await Examination(environment: OperatorEnvironment()).diagnoses()
        for diagnosis in diagnoses { print(diagnosis) }
        guard diagnoses.allSatisfy(\.isHealthy) else { throw ExitCode(1) }
    }
}
