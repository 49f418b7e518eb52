import Contracts
import ServiceRuntime

/// The HTTP API of the platform.
@main
struct Gateway {
    static func main() async {
        await ServiceProcess.run(.gateway, build: buildGateway)
    }
}
