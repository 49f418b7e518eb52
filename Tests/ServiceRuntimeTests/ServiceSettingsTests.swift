import Configuration
import Contracts
import Logging
import Messaging
import Testing

@testable import ServiceRuntime

/// Reading the configuration.
@Suite("Service settings")
struct ServiceSettingsTests {
    private enum Mode: String, CaseIterable {
        case slow, fast
    }

    /// As a process sees its environment.
    private func settings(_ environment: [String: String] = [:], isDocumenting: Bool = false) -> ServiceSettings {
        ServiceSettings(
            service: .ticketing,
            reader: ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: environment)),
            isDocumenting: isDocumenting)
    }

    @Test("What is not set has its default")
    func defaults() throws {
        let settings = settings(["UNRELATED": "1", "VOELGOED_HOLD_SECONDS": ""])
        #expect(try settings.integer("hold.seconds", default: 900, in: 1...3600, "How long.") == 900)
        #expect(try settings.string("health.host", default: "127.0.0.1", "Where.") == "127.0.0.1")
        #expect(try settings.boolean("webhook.allow-loopback", default: false, "Whether.") == false)
        #expect(try settings.choice("mode", default: Mode.fast, "Which.") == .fast)
    }

    @Test("What is set counts, under the variable of the key")
    func values() throws {
        let settings = settings([
            "VOELGOED_HOLD_SECONDS": "15", "VOELGOED_HEALTH_HOST": "::1", "VOELGOED_WEBHOOK_ALLOW_LOOPBACK": "true",
            "VOELGOED_MODE": "slow", "VOELGOED_DATABASE_OWNER_URL": "postgres://x",
        ])
        #expect(try settings.integer("hold.seconds", default: 900, in: 1...3600, "How long.") == 15)
        #expect(try settings.string("health.host", default: "127.0.0.1", "Where.") == "::1")
        #expect(try settings.boolean("webhook.allow-loopback", default: false, "Whether."))
        #expect(try settings.choice("mode", default: Mode.fast, "Which.") == .slow)
        #expect(try settings.secret("database.owner.url", "The database.") == "postgres://x")
        #expect(try settings.requiredString("mode", "Which.") == "slow")
    }

    @Test("A number must be whole and in its range, ends included", arguments: ["0", "11", "ten", "1.5", "1e1", " 5"])
    func numbers(text: String) throws {
        let error = #expect(throws: SettingError.self) {
            try settings(["VOELGOED_A_NUMBER": text]).integer("a.number", default: 5, in: 1...10, "A number.")
        }
        #expect(error?.description == "VOELGOED_A_NUMBER must be a whole number from 1 to 10")
        for (text, number) in [("1", 1), ("10", 10)] {
            let settings = settings(["VOELGOED_A_NUMBER": text])
            #expect(try settings.integer("a.number", default: 5, in: 1...10, "A number.") == number)
        }
    }

    @Test("A bad value names its variable and what is allowed")
    func badValues() throws {
        let boolean = #expect(throws: SettingError.self) {
            try settings(["VOELGOED_FLAG": "yes"]).boolean("flag", default: false, "Whether.")
        }
        #expect(boolean?.description == "VOELGOED_FLAG must be true or false")
        let choice = #expect(throws: SettingError.self) {
            try settings(["VOELGOED_MODE": "medium"]).choice("mode", default: Mode.fast, "Which.")
        }
        #expect(choice?.description == "VOELGOED_MODE must be one of slow, fast")
        let missing = #expect(throws: SettingError.self) {
            try settings(["VOELGOED_DATABASE_URL": ""]).secret("database.url", "The database.")
        }
        #expect(missing?.description == "VOELGOED_DATABASE_URL is required: The database.")
    }

    @Test("An address that cannot be read names its variable, and does not repeat its password")
    func addresses() throws {
        let good = [
            "VOELGOED_DATABASE_URL": "postgres://a:b@127.0.0.1/c", "VOELGOED_RABBITMQ_URL": "amqp://a:b@127.0.0.1/c",
        ]
        for (variable, value) in [
            ("VOELGOED_DATABASE_URL", "mysql://a:secret@127.0.0.1/c"),
            ("VOELGOED_DATABASE_URL", "postgres://a:secret@127.0.0.1/c?sslmode=perhaps"),
            ("VOELGOED_RABBITMQ_URL", "http://a:secret@127.0.0.1/c"),
            ("VOELGOED_RABBITMQ_URL", "amqp://a:secret@127.0.0.1:port/c"),
        ] {
            let settings = settings(good.merging([variable: value]) { $1 })
            let error = #expect(throws: SettingError.self) {
                try ServiceFoundation(settings, logger: Logger(label: "test"))
            }
            #expect(error?.variable == variable)
            #expect(error?.description.contains("secret") == false)
        }
    }

    @Test("Keys are documented as they are read, once and in order; nothing has to be set for that")
    func documentation() throws {
        let settings = settings(["VOELGOED_B": "not a number"], isDocumenting: true)
        #expect(try settings.integer("b", default: 5, in: 1...10, "The second.") == 5)
        #expect(try settings.integer("b", default: 5, in: 1...10, "The second.") == 5)
        #expect(try !settings.secret("a.url", "The first.").isEmpty)
        #expect(
            settings.entries == [
                .init(
                    variable: "VOELGOED_A_URL", allowed: "text, secret", defaultValue: nil, documentation: "The first."),
                .init(variable: "VOELGOED_B", allowed: "1 to 10", defaultValue: "5", documentation: "The second."),
            ])
    }

    @Test("The keys of a service can be listed without its environment")
    func listing() throws {
        let entries = try ServiceProcess.settings(of: .ticketing) { settings, _ in
            _ = try settings.boolean("own", default: true, "Its own.")
            return ServiceAssembly(definition: ServiceDefinition(name: .ticketing, migrations: []))
        }
        #expect(
            entries.map(\.variable) == [
                "VOELGOED_DATABASE_CONNECTIONS", "VOELGOED_DATABASE_OWNER_URL", "VOELGOED_DATABASE_URL",
                "VOELGOED_HEALTH_HOST", "VOELGOED_HEALTH_PORT", "VOELGOED_LOG_LEVEL", "VOELGOED_OWN",
                "VOELGOED_RABBITMQ_URL",
            ])
        #expect(entries.allSatisfy { !$0.documentation.isEmpty && !$0.allowed.isEmpty })
    }
}
