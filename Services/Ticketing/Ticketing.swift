import Contracts
import ServiceRuntime

/// Keeps the catalogue, the stock, the orders and the tickets.
@main
struct Ticketing {
    static func main() async {
        await ServiceProcess.run(.ticketing, build: buildTicketing)
    }
}
