import Foundation

/// A certificate authority made for one private broker, with a certificate for `localhost` and one for a client.
public struct PrivateBrokerCertificates: Sendable {
    /// The PEM file of the authority that signed both certificates.
    public let authority: String
    /// The PEM file of an authority that signed nothing.
    public let foreignAuthority: String
    /// The PEM files of the broker's certificate and key.
    public let server: (certificate: String, key: String)
    /// The PEM files of the client's certificate and key.
    public let client: (certificate: String, key: String)

    /// Makes the files with the `openssl` program.
    static func make(in folder: URL) async throws -> PrivateBrokerCertificates {
        let environment = ["PATH": "/usr/bin:/bin", "HOME": folder.path]
        func openssl(_ arguments: [String]) async throws {
            try await ChildProcess.run("/usr/bin/openssl", arguments, environment: environment, folder: folder)
        }
        func path(_ name: String) -> String {
            folder.appending(path: name).path
        }
        for authority in ["authority", "foreign"] {
            try await openssl([
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", "/CN=Private test \(authority)", "-keyout", path("\(authority).key"), "-out",
                path("\(authority).pem"),
            ])
        }
        for (name, extensions) in [
            ("server", "subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth\n"),
            ("client", "extendedKeyUsage=clientAuth\n"),
        ] {
            try extensions.write(toFile: path("\(name).ext"), atomically: true, encoding: .utf8)
            try await openssl([
                "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj",
                "/CN=\(name == "server" ? "localhost" : name)", "-keyout", path("\(name).key"), "-out",
                path("\(name).csr"),
            ])
            try await openssl([
                "x509", "-req", "-in", path("\(name).csr"), "-CA", path("authority.pem"), "-CAkey",
                path("authority.key"), "-CAcreateserial", "-days", "2", "-extfile", path("\(name).ext"), "-out",
                path("\(name).pem"),
            ])
        }
        return PrivateBrokerCertificates(
            authority: path("authority.pem"), foreignAuthority: path("foreign.pem"),
            server: (path("server.pem"), path("server.key")), client: (path("client.pem"), path("client.key")))
    }
}
