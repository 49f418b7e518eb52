import Postgres
import Testing

@Suite("Configuration")
struct PostgresConfigurationTests {
    @Test("A URL says everything")
    func url() throws {
        let configuration = try PostgresConfiguration(
            url: "postgres://box%20office:p%40ss%3Aw@db.example:6432/tickets?sslmode=verify-full"
                + "&sslrootcert=/etc/ca.pem&connect_timeout=3&application_name=gate")
        #expect(configuration.host == "db.example")
        #expect(configuration.port == 6432)
        #expect(configuration.username == "box office")
        #expect(configuration.password == "p@ss:w")
        #expect(configuration.database == "tickets")
        #expect(configuration.tls == .verifyFull)
        #expect(configuration.rootCertificatePath == "/etc/ca.pem")
        #expect(configuration.connectTimeout == .seconds(3))
        #expect(configuration.applicationName == "gate")
    }

    @Test("What a URL leaves out has the usual values")
    func defaults() throws {
        let configuration = try PostgresConfiguration(url: "postgresql://venue@[::1]")
        #expect(configuration.host == "::1")
        #expect(configuration.port == 5432)
        #expect(configuration.password == nil)
        #expect(configuration.database == "venue")
        #expect(configuration.tls == .prefer)
        #expect(configuration.maximumConnections == 8)
        #expect(configuration.acquireTimeout == .seconds(5))
        #expect(configuration.statementTimeout == .seconds(30))
    }

    @Test("A socket's folder may stand for the host")
    func socket() throws {
        let folder = try PostgresConfiguration(url: "postgres:///tickets?host=/run/postgresql&user=gate")
        #expect(folder.host == "/run/postgresql")
        #expect(folder.username == "gate")
        #expect(try PostgresConfiguration(url: "postgres://gate@%2Frun%2Fpostgresql/tickets").host == "/run/postgresql")
    }

    @Test(
        "A URL that cannot be used is refused without quoting it",
        arguments: [
            "", "mysql://u:hunter2@h/d", "postgres://u:hunter2@h:port/d", "postgres://u:hunter2@h:70000/d",
            "postgres://u:hunter2@h/d?sslmode=sometimes", "postgres://u:hunter2@h/d?unheard=of",
            "postgres://u:hunter2@a,b/d", "postgres://u:hunter2@h/d?connect_timeout=0",
            "postgres://u:hunter2@h/d?service=x", "postgres://u:hunter2@h%/d",
        ])
    func unusable(url: String) {
        let error = #expect(throws: PostgresError.self) { try PostgresConfiguration(url: url) }
        #expect(error?.code == .configuration)
        #expect(!String(reflecting: error).contains("hunter2"))
    }
}
