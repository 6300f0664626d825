package peers;

import java.io.InputStream;
import java.util.Properties;

/** What Maven wrote into a jar. */
final class Library {
    /** Name and version of a library on the class path. */
    static String version(String group, String artifact) {
        String path = "/META-INF/maven/" + group + "/" + artifact + "/pom.properties";
        Properties properties = new Properties();
        try (InputStream in = Library.class.getResourceAsStream(path)) {
            properties.load(in);
        } catch (Exception absent) {
            return artifact;
        }
        return artifact + " " + properties.getProperty("version");
    }

    private Library() {}
}
