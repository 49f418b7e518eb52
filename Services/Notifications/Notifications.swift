import Contracts
import ServiceRuntime

/// Brings tickets to their buyers, and news to the organisations' own systems.
@main
struct Notifications {
    static func main() async {
        await ServiceProcess.run(.notifications, build: buildNotifications)
    }
}
