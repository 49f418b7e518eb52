import ArgumentParser

/// The operator's tool.
@main
struct Operator: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "voelgoed", abstract: "Runs, checks and mends an installation of Voelgoed Events.",
        subcommands: [
            Supervise.self, Migrate.self, Demo.self, Doctor.self, Check.self, DeadLetters.self, Incidents.self,
            Sagas.self,
            Keys.self,
        ])
}
