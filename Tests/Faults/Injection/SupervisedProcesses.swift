import Foundation

/// The service processes under the supervisor, read from its plan and its state.
struct SupervisedProcesses: Sendable {
    private struct Plan: Decodable {
        struct Process: Decodable {
            var name: String
            var executable: String
            var readyURL: String?

            enum CodingKeys: String, CodingKey {
                case name, executable
                case readyURL = "ready_url"
            }
        }

        var processes: [Process]
        var stateFile: String

        enum CodingKeys: String, CodingKey {
            case processes
            case stateFile = "state_file"
        }
    }

    private struct State: Decodable {
        struct Process: Decodable {
            var name: String
            var pid: Int32
        }

        var processes: [Process]
    }

    private let plan: Plan

    init(planFile: String) throws {
        plan = try JSONDecoder().decode(Plan.self, from: Data(contentsOf: URL(filePath: planFile)))
    }

    /// Where every process says whether it is ready to serve.
    var readyURLs: [String] { plan.processes.compactMap(\.readyURL) }

    /// The names of the services, each once, in the plan's order.
    var services: [String] {
        var names: [String] = []
        for process in plan.processes where process.readyURL != nil {
            let name = Self.service(process.name)
            if !names.contains(name) { names.append(name) }
        }
        return names
    }

    /// Where a process says whether it is ready.
    func readyURL(of process: String) -> String? {
        plan.processes.first { $0.name == process }?.readyURL
    }

    /// The processes of a service that run now.
    func running(_ service: String) throws -> [Victim] {
        let state = try JSONDecoder().decode(State.self, from: Data(contentsOf: URL(filePath: plan.stateFile)))
        let executables = Dictionary(plan.processes.map { ($0.name, $0.executable) }) { first, _ in first }
        return state.processes.filter { Self.service($0.name) == service }.compactMap { process in
            executables[process.name].map { Victim(name: process.name, id: process.pid, match: $0) }
        }
    }

    /// `ticketing` for the process `ticketing-2`.
    private static func service(_ process: String) -> String {
        process.split(separator: "-").dropLast().joined(separator: "-")
    }
}
