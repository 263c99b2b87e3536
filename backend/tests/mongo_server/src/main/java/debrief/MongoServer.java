package debrief;

import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import java.io.IOException;
import java.util.List;

/**
 * A MongoDB server for tests: listens on a free port of loopback, prints the port, and ends when its standard input
 * ends, so that it never outlives the test run that started it.
 */
public final class MongoServer {

    /** The versions that the library knows are too old for current drivers; what they need of a newer one is there. */
    private static final MongoVersion CURRENT = new MongoVersion() {
        @Override
        public List<Integer> getVersionArray() {
            return List.of(4, 4, 0);
        }

        @Override
        public int getWireVersion() {
            return 9;
        }
    };

    private MongoServer() {
    }

    public static void main(String[] args) throws IOException {
        var server = new de.bwaldvogel.mongo.MongoServer(H2Backend.inMemory().version(CURRENT));
        System.out.println(server.bind().getPort());
        System.out.flush();
        while (System.in.read() >= 0) {
            continue;
        }
        server.shutdownNow();
        System.exit(0);
    }
}
