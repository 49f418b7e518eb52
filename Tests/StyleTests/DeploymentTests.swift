import Foundation
import Testing

/// No container engine runs in the tests: this holds the containers' descriptions to the package instead.
@Suite("Deployment files")
struct DeploymentTests {
    private func text(_ path: String) throws -> String {
        try String(contentsOf: Source.checkout.appending(path: path), encoding: .utf8)
    }

    private var services: [String] { LayeringTests.services.filter { $0 != "Operator" } }

    @Test("docker-compose.yml runs every executable of the package")
    func composeHasEveryService() throws {
        let compose = try text("docker-compose.yml")
        for service in services {
            #expect(compose.contains("\n  \(service.lowercased()):"), "docker-compose.yml has no service \(service.lowercased())")
        }
    }

    @Test("deploy/services.tsv names every executable")
    func tableHasEveryService() throws {
        let table = try text("deploy/services.tsv")
        for service in services { #expect(table.contains("\(service.lowercased())\t\(service)\n")) }
    }

    @Test("Every variable that compose and the scripts set is read by the code")
    func variablesAreRead() throws {
        let code = try (Source.files(below: "Services") + Source.files(below: "Shared")).flatMap(\.lines)
            .joined(separator: "\n")
        // Keys in the code are lower case with dots; deploy/ has its own variables for ports, tests and the tool.
        let ownVariables: Set<String> = [
            "VOELGOED_INSTANCE", "VOELGOED_BASE_PORT", "VOELGOED_TEST_TIME_LIMIT", "VOELGOED_GATEWAY_PORT",
        ]
        for file in ["docker-compose.yml", "deploy/lib/environment.sh"] {
            let names = Set(try text(file).matches(of: /^\s*(VOELGOED_[A-Z_]+)[:=]/.anchorsMatchLineEndings()).map { String($0.1) })
            #expect(!names.isEmpty)
            for name in names.subtracting(ownVariables) {
                let key = name.dropFirst("VOELGOED_".count).lowercased().replacing("_", with: ".")
                let isRead = code.contains("\"\(key)\"") || code.contains(name)
                    || code.lowercased().contains("\"\(key.replacing(".", with: "-"))\"")
                #expect(isRead, "\(file): error: nothing reads \(name)")
            }
        }
    }
}
