/** Names of people and companies that do not exist: common ones of each country's language, and words put together. */

interface Names {
  countries: string[]
  first: string[]
  last: string[]
}

const language = (countries: string, first: string, last: string): Names => ({
  countries: countries.split(', '),
  first: first.split(' '),
  last: last.split(' '),
})

/** Each with 32 first and 40 last names: 1,280 people of one company have names of their own. */
export const languages: Names[] = [
  language(
    'United States, United Kingdom, Canada, Australia, Ireland',
    'Alice Amelia Andrew Ben Charlotte Chloe Daniel David Edward Ella Emily Ethan George Grace Hannah Harry Jack James Kate Laura Liam Lucy Matthew Megan Nathan Oliver Olivia Rachel Ryan Samuel Sarah Thomas',
    "Adams Allen Archer Bailey Baker Barnes Bell Bennett Brooks Carter Clarke Collins Cooper Davies Dawson Ellis Evans Fletcher Foster Gray Green Hall Harris Hughes Jackson Kelly King Lewis Mitchell Morgan Murphy Parker Reid Roberts Taylor Turner Walker Ward White O'Neill",
  ),
  language(
    'Germany, Austria, Switzerland',
    'Anja Anna Bastian Björn Carla Christian Clara Daniela Elena Felix Florian Franziska Hannah Jan Jonas Julia Jürgen Katrin Lena Lukas Maria Markus Martin Nina Paul Sabine Sebastian Simone Stefan Svenja Tobias Ulrike',
    'Albrecht Arnold Bauer Becker Berger Böhm Brandt Busch Dietrich Engel Fischer Frank Graf Günther Haas Hartmann Hoffmann Huber Jäger Kaiser Keller Köhler Krause Lang Lehmann Maier Meyer Müller Neumann Pfeiffer Richter Roth Schäfer Schmidt Schneider Vogel Wagner Weber Weiß Zimmermann',
  ),
  language(
    'France, Belgium',
    'Adrien Amélie Antoine Arnaud Aurélie Camille Chloé Claire Clément Élodie Émilie Étienne Fabien François Guillaume Hélène Inès Julien Laure Léa Louis Lucie Manon Mathieu Nathalie Nicolas Océane Pauline Pierre Romain Sophie Théo',
    'André Barbier Bernard Bertrand Blanc Bonnet Boyer Carpentier Chevalier Clément David Denis Dubois Dumont Dupont Durand Faure Fontaine Fournier Gauthier Gérard Girard Henry Lambert Lefèvre Leroy Marchand Mercier Michel Moreau Morel Noël Perrin Petit Renard Richard Robert Rousseau Roux Vidal',
  ),
  language(
    'Netherlands',
    'Anouk Bart Bram Daan Eline Emma Esmee Femke Floor Gijs Hendrik Ilse Jasper Jeroen Joris Kim Lieke Lotte Maarten Marieke Niels Pieter Roos Ruben Sander Sanne Sven Thijs Tim Vera Wouter Zoë',
    'Aarts Bakker Bos Bosch Brouwer Dekker Dijkstra Driessen Gerritsen Haan Hendriks Hermans Hoekstra Hofman Jacobs Jansen Jonker Kok Koster Kuiper Kuijpers Maas Martens Meijer Mulder Peeters Peters Postma Prins Schouten Smeets Smits Timmermans Veenstra Verhoeven Vermeulen Visser Vos Willems Wolters',
  ),
  language(
    'Sweden, Denmark, Norway',
    'Anders Annika Astrid Axel Birgitte Elin Emil Erik Freja Gustav Hanne Håkon Henrik Ida Ingrid Jens Johan Kari Karin Lars Linnea Magnus Maja Mikkel Nils Oskar Petra Signe Sigrid Sofie Søren Tove',
    'Ahlström Andersen Andersson Bakken Berg Bergström Berglund Carlsen Christensen Dahl Dahlberg Eklund Eriksson Forsberg Gustafsson Hagen Halvorsen Hansen Holm Hansson Iversen Jensen Johansson Jørgensen Karlsson Kristiansen Larsen Lindberg Lindqvist Lund Madsen Møller Nielsen Nilsson Nordström Olsen Pedersen Persson Sørensen Strand',
  ),
  language(
    'Spain, Mexico',
    'Adriana Alba Alejandro Álvaro Ana Andrés Beatriz Carlos Carmen Cristina Diego Eduardo Elena Fernando Gabriela Inés Javier Jorge Lucía Luis Manuel María Marta Miguel Natalia Óscar Pablo Paula Raúl Rocío Sergio Silvia',
    'Aguilar Álvarez Blanco Cabrera Campos Castillo Castro Delgado Díaz Domínguez Fernández Flores Fuentes Gallego García Gil Gómez González Guerrero Herrera Ibáñez Iglesias Jiménez León López Lozano Marín Martín Medina Molina Morales Navarro Núñez Ortega Pérez Ramos Rubio Sánchez Torres Vega',
  ),
  language(
    'Italy',
    'Alessandro Alessia Andrea Anna Antonio Arianna Beatrice Bianca Chiara Davide Elisa Enrico Federica Federico Filippo Francesca Gabriele Giacomo Giorgia Giulia Giuseppe Ilaria Lorenzo Luca Marco Martina Matteo Paola Riccardo Sara Simone Valentina',
    'Amato Barbieri Basile Bellini Benedetti Bianchi Bruno Caputo Caruso Colombo Conte Costa Esposito Farina Ferrara Ferrari Fontana Gallo Gatti Giordano Greco Grassi Leone Lombardi Longo Mancini Marchetti Mariani Marino Martinelli Moretti Pellegrini Ricci Rinaldi Rizzo Romano Rossi Russo Serra Villa',
  ),
  language(
    'Poland',
    'Adam Agnieszka Aleksandra Anna Bartosz Dorota Ewa Filip Grzegorz Hanna Jakub Jan Joanna Kamil Karolina Katarzyna Łukasz Maciej Magdalena Marcin Marta Michał Monika Natalia Paweł Piotr Rafał Stanisław Szymon Tomasz Wojciech Zuzanna',
    'Adamczyk Baran Borkowski Chmielewski Czarnecki Dąbrowski Dudek Górski Grabowski Jabłoński Jankowski Kaczmarek Kamiński Kowalczyk Kowalski Kozłowski Król Krawczyk Lewandowski Majewski Malinowski Mazur Michalski Nowak Nowicki Olszewski Pawłowski Piotrowski Rutkowski Sikora Sobczak Stępień Szewczyk Szymański Walczak Wieczorek Wójcik Wróbel Zając Zieliński',
  ),
  language(
    'India',
    'Aarav Aditi Aditya Akash Ananya Anjali Arjun Deepak Divya Gaurav Isha Kabir Karan Kavya Meera Mohan Neha Nikhil Nisha Pooja Priya Rahul Rajesh Riya Rohan Sanjay Shreya Siddharth Sneha Suresh Tara Vikram',
    'Agarwal Bajaj Banerjee Bhat Chandra Chopra Das Desai Deshmukh Dutta Gandhi Ghosh Goel Gupta Iyer Jain Joshi Kapoor Kaur Khanna Kulkarni Kumar Malhotra Mehta Menon Mishra Mukherjee Nair Pandey Patel Pillai Rao Reddy Roy Saxena Shah Sharma Singh Srinivasan Verma',
  ),
  language(
    'Japan',
    'Aiko Akira Asuka Ayumi Chihiro Daichi Emi Haruka Haruto Hiroshi Kaito Kana Kazuki Kenji Kenta Makoto Mao Masato Mei Miyu Naoki Nozomi Ren Rina Sakura Shota Sora Takumi Yuka Yuki Yuna Yuto',
    'Abe Aoki Endo Fujii Fujita Fukuda Goto Hasegawa Hashimoto Hayashi Ikeda Inoue Ishii Ishikawa Ito Kato Kimura Kobayashi Kondo Matsumoto Mori Murakami Nakajima Nakamura Nakano Nishimura Ogawa Okada Okamoto Ono Saito Sakamoto Sasaki Sato Shimizu Suzuki Takahashi Tanaka Watanabe Yamamoto',
  ),
]

/** A company's name is one of each: 41,472 of them. */
export const companyParts = {
  start:
    'Alder Amber Anchor Arbor Aspen Atlas Aurora Basalt Beacon Birch Bramble Bright Bronze Calder Canyon Cedar Cinder Clover Cobalt Copper Coral Crest Delta Drift Dune Eagle Ember Falcon Fern Fjord Flint Garnet Glacier Granite Harbor Hazel Heron Indigo Iron Ivory Juniper Kestrel Lantern Larch Laurel Linden Lumen Maple Meadow Merlin Mosaic Nimbus North Oak Onyx Opal Orchid Osprey Pebble Pine Prairie Quartz Raven River Saffron Sage Sierra Silver Slate Summit Tidal Willow'.split(
      ' ',
    ),
  middle:
    'bank bay bridge brook craft crown dale field fold forge gate grove haven hill hold key lake lane light line mark mill path peak point port reach ridge spring stone thread vale view wave well wood'.split(
      ' ',
    ),
  end: [
    '',
    'Group',
    'Partners',
    'Labs',
    '& Co.',
    'International',
    'Holdings',
    'Collective',
    'Company',
    'Associates',
    'Network',
    'House',
    'Global',
    'One',
    'United',
    'Brothers',
  ],
} as const

/** As it stands in an address: lower case, plain letters and digits. */
export const plain = (name: string): string =>
  name
    .replaceAll('ß', 'ss')
    .replaceAll(/[øØ]/g, 'o')
    .replaceAll(/[łŁ]/g, 'l')
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
