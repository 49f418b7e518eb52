import Contracts
import ServiceRuntime

@main
struct Coordinator {
    static func main() async {
        await ServiceProcess.run(.coordinator, build: buildCoordinator)
    }
}
