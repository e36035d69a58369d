"""Names of families, streets and schools of a fictional town; surnames and first names are paired at random."""

WOMEN = (
    "Adèle", "Aïcha", "Alice", "Amélie", "Ana", "Anaïs", "Ángela", "Aurélie", "Aylin", "Béatrice", "Camille",
    "Cécile", "Céline", "Chloé", "Clémence", "Danaé", "Delphine", "Dorota", "Élise", "Éloïse", "Emma", "Ève", "Fatou",
    "Françoise", "Gaëlle", "Hélène", "Inès", "Işıl", "Joëlle", "Katarzyna", "Léa", "Lina", "Louise", "Maëlys",
    "Marie-Ève", "Mélanie", "Ngọc", "Nina", "Noémie", "Océane", "Ondine", "Renée", "Rose", "Sara", "Sofia", "Thị Mai",
    "Valérie", "Yaël", "Zélie", "Zoé",
)  # fmt: skip

MEN = (
    "Adrien", "André", "Antoine", "Baptiste", "Benoît", "Clément", "Côme", "Damien", "Émile", "Enzo", "Fabien",
    "Félix", "Gaël", "Grégory", "Hugo", "Jean-Baptiste", "Jérôme", "Jules", "Karim", "Léo", "Loïc", "Łukasz", "Malo",
    "Mathéo", "Maxime", "Mehdi", "Milan", "Mohamed", "Nathan", "Noé", "Paul", "Raphaël", "Rémi", "Samuel",
    "Sébastien", "Siméon", "Søren", "Théo", "Tiago", "Tom", "Vinícius", "Yanis",
)  # fmt: skip

LAST_NAMES = (
    "Aubert", "Barbier", "Belkacem", "Benali", "Bernard", "Besnard", "Blanchard", "Boğaziç", "Bonnet", "Boucher",
    "Bourgeois", "Boyer", "Brunet", "Carpentier", "Castañeda", "Charpentier", "Chevalier", "Clément", "Colin",
    "D’Angelo", "Delaunay", "Deschamps", "Diallo", "Dubois", "Dumas", "Dupuy", "Durand", "Faure", "Fernández", "Fleury",
    "Fournier", "Gaillard", "Garnier", "Gauthier", "Gérard", "Girard", "Gonçalves", "Guérin", "Haddad", "Hervé",
    "Jacquet", "Kowalczyk", "Lacroix", "Le Gall", "Le Roux", "Lefèvre", "Lemaître", "Lévêque", "Mallet", "Marchand",
    "Masson", "Mercier", "Meunier", "Moreau", "Müller", "N’Diaye", "Nguyễn", "Noël", "Nowicki", "Olivier", "Øster",
    "Péron", "Perrot", "Petit", "Prévost", "Renard", "Rivière", "Roussel", "Royer", "Saïdi", "Schmitt", "Śliwa",
    "Thibault", "Tessier", "Touré", "Trần", "Vasseur", "Vidal", "Wójcik", "Yılmaz", "Zoubir",
)  # fmt: skip

STREETS = (
    "allée des Arbousiers", "avenue de la Pinède", "boulevard des Cigales", "chemin du Lavoir", "chemin des Restanques",
    "impasse du Romarin", "place de l’Église", "place du Marché", "rue de l’Olivette", "rue des Genêts",
    "rue des Lauriers", "rue du Four à chaux", "rue du Vieux-Moulin", "rue Haute", "traverse du Phare",
)  # fmt: skip

SECOND_LINES = ("", "", "", "", "", "Résidence Les Tilleuls", "Bâtiment B, 2e étage", "Le Clos fleuri")

SCHOOLS = ("École de la Pinède", "École des Cigales", "École du Vieux-Moulin", "École Haute", "École des Restanques")
COLLEGE = "Collège du Phare"
CLASSES = ("Petite section", "Moyenne section", "Grande section", "CP", "CE1", "CE2", "CM1", "CM2")
COLLEGE_CLASSES = ("6e", "5e", "4e", "3e")

LIGATURES = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "ı": "i", "đ": "d", "œ": "oe", "’": "", " ": "-"})
"""Letters that NFKD does not decompose, for e-mail addresses in ASCII."""
