import java.io.File;
import java.io.InputStream;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.LogManager;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.Profiles;
import org.verapdf.pdfa.validation.profiles.ValidationProfile;
import org.verapdf.pdfa.validation.validators.ValidatorFactory;

/**
 * Asks veraPDF whether documents keep PDF/A-2A and PDF/UA-1: one line a document and standard, the broken rules below.
 * The exit code is 0 when all of them do.
 */
public final class VeraCheck {
  private static final String PROFILES = "/org/verapdf/pdfa/validation/";
  private static final Map<String, String> STANDARDS = new TreeMap<>(Map.of("2a", "PDFA-2A.xml", "ua1", "PDFUA-1.xml"));
  private static final int SHOWN_FAILURES = 100;

  public static void main(String[] files) throws Exception {
    LogManager.getLogManager().reset();
    VeraGreenfieldFoundryProvider.initialise();
    boolean compliant = true;
    for (String file : files) {
      for (Map.Entry<String, String> standard : STANDARDS.entrySet()) {
        compliant &= check(new File(file), standard.getKey(), standard.getValue());
      }
    }
    System.exit(compliant ? 0 : 1);
  }

  private static boolean check(File file, String flavour, String profile) throws Exception {
    try (InputStream rules = VeraCheck.class.getResourceAsStream(PROFILES + profile);
        PDFAParser parser = Foundries.defaultInstance().createParser(file, PDFAFlavour.fromString(flavour))) {
      ValidationProfile read = Profiles.profileFromXml(rules);
      ValidationResult result =
          ValidatorFactory.createValidator(read, SHOWN_FAILURES, false, false, false).validate(parser);
      String verdict = result.isCompliant() ? "keeps" : "breaks";
      System.out.printf("%s %s %s (%d checks)%n", file.getName(), verdict, profile, result.getTotalAssertions());
      brokenRules(result).forEach((rule, message) -> System.out.printf("  %s: %s%n", rule, message));
      return result.isCompliant();
    }
  }

  private static Map<String, String> brokenRules(ValidationResult result) {
    Map<String, String> broken = new TreeMap<>();
    for (TestAssertion assertion : result.getTestAssertions()) {
      if (assertion.getStatus() == TestAssertion.Status.FAILED) {
        broken.put(assertion.getRuleId().getClause() + "-" + assertion.getRuleId().getTestNumber(), assertion.getMessage());
      }
    }
    return broken;
  }
}
